/**
 * The user's arguments. A packaged app has only its executable before them; a checkout also has its folder,
 * and Electron's switches (which test drivers add) before that folder.
 */
export function ownArguments(argv: readonly string[], isPackaged: boolean): string[] {
  const rest = argv.slice(1)
  return isPackaged ? rest : rest.slice(rest.findIndex((argument) => !argument.startsWith('-')) + 1)
}
