/** Loaded by Electron before the app (`-r`): prints when its first window exists and when it can be shown, then ends it. */
const { app } = require('electron')
const { performance } = require('node:perf_hooks')

// The app must not see this switch.
process.argv.splice(process.argv.indexOf('-r'), 2)

/** Milliseconds since the process was started, and of processor time that it has used. */
const reading = () => {
  const { user, system } = process.cpuUsage()
  return {
    wall: performance.timeOrigin + performance.now() - Number(process.env.CARAT_BENCH_START),
    cpu: (user + system) / 1000,
  }
}
const times = {}
app.once('ready', () => {
  times.ready = reading()
})
app.once('browser-window-created', (_, window) => {
  times.window = reading()
  window.once('ready-to-show', () => {
    times.painted = reading()
    process.stdout.write(`\nstart ${JSON.stringify(times)}\n`)
    app.quit()
  })
})
