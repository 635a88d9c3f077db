/** The three paths of Carat's help, in the order in which they are offered. */
export const helpPaths = ['no-result', 'unwanted', 'missing'] as const
export type HelpPath = (typeof helpPaths)[number]
