/** Loaded before a program: writes the most memory that its process had, in MB, as the last line of standard error. */
process.on('exit', () => {
  process.stderr.write(`\npeak ${Math.round(process.resourceUsage().maxRSS / 1_024)} MB\n`)
})
