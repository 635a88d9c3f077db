/** The groups of texts that only hosts and the command line use. The build leaves them out of the page. */
export const hostTexts = ['browserPage', 'cli', 'failure', 'launch', 'menu', 'move', 'notification', 'tray'] as const
