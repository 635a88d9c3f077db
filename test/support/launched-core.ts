/** The core as a host launches it, on its own threads. */
import { Worker, type WorkerOptions } from 'node:worker_threads'
import { openSettingsFile } from '../../src/core/host/settings.ts'
import { parseStartOptions } from '../../src/core/host/start-options.ts'
import { fileTokens } from '../../src/core/host/tokens.ts'
import { type HostCore, type LaunchParts, launchCore } from '../../src/core/workers/launch.ts'
import type { RouteInput, RouteName, RouteOutput } from '../../src/shared/routes.ts'
import { intoFolder, memorySettings, quietLog } from './core.ts'
import { createReader, createWriter } from './workers.ts'

const createSandbox = (options: WorkerOptions) =>
  new Worker(new URL('../../src/sandbox/worker.ts', import.meta.url), options)
const system = { platform: 'linux', env: {}, home: '/', cwd: '/', exists: () => false } as const

/** Launches the core on a data folder, with the arguments of a start and other parts of the host. */
export async function launchIn(
  dataDir: string,
  args: string[] = [],
  parts: Partial<LaunchParts> = {},
): Promise<HostCore> {
  return launchCore({
    work: { workDir: dataDir, readOnly: null, leave: () => {} },
    options: parseStartOptions(['--data', dataDir, ...args], system),
    version: '0.0.0',
    createWriter,
    createReader,
    createSandbox,
    settings: memorySettings(),
    file: openSettingsFile(dataDir, '0.0.0'),
    tokens: fileTokens(dataDir),
    log: quietLog,
    delivery: intoFolder(dataDir),
    startAnew: async () => {},
    ...parts,
  })
}

/** The answer of a route. Throws an error with the code of a failed answer. */
export async function answerOf<R extends RouteName>(
  core: HostCore,
  route: R,
  input: RouteInput<R>,
): Promise<RouteOutput<R>> {
  const answer = await core.request(route, input)
  if (!answer.ok) throw Object.assign(new Error(answer.error.code), answer.error)
  return answer.data as RouteOutput<R>
}
