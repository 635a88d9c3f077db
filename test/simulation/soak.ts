/**
 * Runs the simulation for many steps and prints the first failure with its history. `npm run soak -- --steps N --seed S`;
 * `--episode E` replays one episode. Exits with 1 if an episode failed. `--ui [--hours N]` uses the app in a browser for hours of virtual
 * time instead, and exits with 1 if a measure of it grows without end.
 */
import { parseArgs } from 'node:util'
import { simulate } from './run.ts'

const { values } = parseArgs({
  options: {
    steps: { type: 'string' },
    seed: { type: 'string' },
    episode: { type: 'string' },
    ui: { type: 'boolean' },
    hours: { type: 'string' },
  },
})
const number = (text: string | undefined, usual: number): number => {
  const value = Number(text ?? usual)
  if (!Number.isSafeInteger(value)) throw new Error(`not a whole number: ${text}`)
  return value
}

if (values.ui) await runUi()
else await runSimulation()

async function runUi(): Promise<void> {
  const { renderSoak, soakUi } = await import('../bench/ui-soak.ts')
  const result = await soakUi(number(values.hours, 8), (line) => console.log(line))
  console.log(`${result.rounds} rounds\n\n${renderSoak(result)}`)
  if (Object.values(result.trends).some(({ isRising }) => isRising)) process.exitCode = 1
}

async function runSimulation(): Promise<void> {
  const seed = number(values.seed, Math.floor(Math.random() * 2 ** 31))
  const steps = number(values.steps, 1_000_000)
  const startedAt = performance.now()
  let reportAt = 100_000

  console.log(`seed ${seed}, ${steps} steps`)
  const report = await simulate({
    seed,
    steps,
    ...(values.episode !== undefined && { episode: number(values.episode, 0) }),
    onEpisode(_, done) {
      if (done < reportAt) return
      console.log(`${done} steps, ${Math.round((performance.now() - startedAt) / 1_000)} s`)
      reportAt += 100_000
    },
  })

  const counts = [...report.counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`)
  console.log(counts.join(', '))
  console.log(`${report.steps} steps in ${report.episodes} episodes, ${Math.round(performance.now() - startedAt)} ms`)
  console.log(`hash ${report.hash}`)
  if (report.failure) {
    const { seed: episode, history, problem } = report.failure
    for (const line of history) console.log(line)
    console.log(`FAILED: ${problem}`)
    console.log(`Replay: npm run soak -- --episode ${episode}`)
    process.exitCode = 1
  }
}
