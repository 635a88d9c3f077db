/** Runs episodes from one seed until enough steps are done, or until one fails. */
import { hash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../../src/core/store/store.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { memoryFolder } from '../support/memory-folder.ts'
import { type Episode, runEpisode } from './episode.ts'
import { removeFolder } from './product.ts'

/** Random steps of one episode, before the calm at its end. */
const episodeLength = 120

export interface SimulationOptions {
  seed: number
  /** Run episodes until this many steps are done. */
  steps: number
  /** Run only the episode with this seed. */
  episode?: number
  /** Whether to look for a shorter version of a failure. */
  shorten?: boolean
  /** Called after each episode. */
  onEpisode?(episode: Episode, stepsDone: number): void
}

export interface SimulationReport {
  steps: number
  episodes: number
  /** How often each step ran and each verdict was given. */
  counts: Map<string, number>
  /** Joins the hashes of all episodes. */
  hash: string
  /** The shortest version of the first episode that failed; null if none did. */
  failure: Episode | null
}

export async function simulate({
  seed,
  steps,
  episode,
  shorten = true,
  onEpisode,
}: SimulationOptions): Promise<SimulationReport> {
  const root = mkdtempSync(join(memoryFolder(), 'carat-simulation-'))
  const folders = { root, template: join(root, 'template') }
  const random = seededRandom(seed)
  const report: SimulationReport = { steps: 0, episodes: 0, counts: new Map(), hash: '', failure: null }
  try {
    openStore(folders.template).close()
    while (report.steps < steps && report.failure === null) {
      const episodeSeed = episode ?? Math.floor(random() * 2 ** 31)
      const found = await runEpisode(episodeSeed, episodeLength, folders)
      report.steps += found.steps
      report.episodes++
      report.hash = hash('sha256', report.hash + found.hash)
      for (const [name, count] of found.counts) report.counts.set(name, (report.counts.get(name) ?? 0) + count)
      if (found.problem !== null) report.failure = shorten ? await shortened(found, folders) : found
      onEpisode?.(found, report.steps)
      if (episode !== undefined) break
    }
  } finally {
    removeFolder(root)
  }
  return report
}

/** The same episode with as few random steps as fail. */
async function shortened(failed: Episode, folders: { root: string; template: string }): Promise<Episode> {
  for (let length = 1; length < episodeLength; length++) {
    const shorter = await runEpisode(failed.seed, length, folders)
    if (shorter.problem !== null) return shorter
  }
  return failed
}
