/**
 * Plants each bug of bugs.ts in a copy of the product in memory and prints the step at which the simulation caught it. With a
 * name it plants only that bug. Exits with 1 if a bug escapes. Run: `npm run test:simulation-bugs`.
 */
import { spawn } from 'node:child_process'
import { registerHooks } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Bug, bugs } from './bugs.ts'

/** A bug that is not caught after this many steps has escaped. */
const mostSteps = 60_000
const seed = 20_260_128
const script = fileURLToPath(import.meta.url)
const src = new URL('../../src/', import.meta.url)

/** Lets every import of a changed file see the changed source. */
function plant({ changes }: Bug): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      const own = changes.filter(({ file }) => new URL(file, src).href === url)
      if (own.length === 0) return loaded
      let source = String(loaded.source)
      for (const { file, from, to } of own) {
        if (source.split(from).length !== 2) throw new Error(`"${from}" must stand once in ${file}`)
        source = source.replace(from, () => to)
      }
      return { ...loaded, source }
    },
  })
}

/** Prints in one line when the simulation caught the bug, and by what. Returns whether it did. */
async function find(bug: Bug): Promise<boolean> {
  plant(bug)
  const { simulate } = await import('./run.ts')
  const known =
    bug.episode === undefined ? null : await simulate({ seed, steps: 1, episode: bug.episode, shorten: false })
  const { steps, episodes, failure } = known?.failure
    ? known
    : await simulate({ seed, steps: mostSteps, shorten: false })
  const where = failure ? `step ${steps}, episode ${episodes}: ${failure.seed}` : `not within ${steps} steps`
  console.log(
    `${failure ? 'caught ' : 'ESCAPED'}  ${bug.name}  (${where})${failure ? `\n           ${failure.problem}` : ''}`,
  )
  return failure !== null
}

/** Runs this script once per bug, a few at a time. Returns how many bugs escaped. */
async function findAll(): Promise<number> {
  const waiting = [...bugs]
  let escaped = 0
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, next.name], {
        stdio: 'inherit',
      })
      const code = await new Promise((resolve) => child.once('exit', resolve))
      if (code !== 0) escaped++
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return escaped
}

const [name] = process.argv.slice(2)
if (name === undefined) {
  const escaped = await findAll()
  console.log(`\n${bugs.length} planted bugs, ${bugs.length - escaped} caught, ${escaped} escaped`)
  process.exitCode = escaped > 0 ? 1 : 0
} else {
  const bug = bugs.find((found) => found.name === name)
  if (!bug) throw new Error(`no bug is called ${name}`)
  process.exitCode = (await find(bug)) ? 0 : 1
}
