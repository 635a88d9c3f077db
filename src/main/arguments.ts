/**
 * The arguments after the app's own: a packaged app has only its executable before them, a checkout also its folder,
 * and Electron's switches (as test drivers give them) come before that folder.
 */
export function ownArguments(argv: readonly string[], isPackaged: boolean): string[] {
  const rest = argv.slice(1)
  return isPackaged ? rest : rest.slice(rest.findIndex((argument) => !argument.startsWith('-')) + 1)
}
