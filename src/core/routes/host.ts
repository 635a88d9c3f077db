/**
 * The `host` routes. They run in the host's thread, which never opens SQLite, so this file imports only types of the
 * store.
 */
import { AppError } from '../../shared/errors.ts'
import type { FileActions } from '../host/file-actions.ts'
import type { Handlers } from './context.ts'

export const hostHandlers: Handlers<'host'> = {
  'settings.get': ({ settings }) => settings.get(),
  'settings.set': ({ settings, publish }, patch) => {
    const changed = settings.set(patch)
    publish({ type: 'settings', settings: changed })
    return changed
  },

  'sync.state': ({ syncState }) => syncState(),
  'originals.state': ({ originalsState }) => originalsState(),
  'originals.estimate': ({ estimateOriginals }) => estimateOriginals(),

  'cache.usage': ({ cacheUsage }) => cacheUsage(),
  'cache.clear': async ({ cacheUsage, clearCache }) => {
    await clearCache()
    return cacheUsage()
  },

  'media.renew': async ({ missingFiles, renewAddresses }, { jobs }) => {
    const states = await missingFiles(jobs)
    const lapsed = states.filter(({ state }) => state === 'lapsed')
    const others = states.filter(({ state }) => state !== 'lapsed')
    return lapsed.length > 0 ? [...others, ...(await renewAddresses(lapsed))] : others
  },

  'media.subtitles': ({ subtitles }, ref) => subtitles(ref),

  'files.show': async ({ files }, file) => {
    await desktop(files).show(file)
    return null
  },
  'files.save': ({ files }, result) => desktop(files).save(result),
  'files.saveDiagnostics': ({ files }) => desktop(files).saveDiagnostics(),
  'files.drag': ({ files }, result) => desktop(files).drag(result),

  'export.write': ({ exporter }, { format }) => exporter.run(format),
  'export.cancel': ({ exporter }) => {
    exporter.cancel()
    return null
  },
}

function desktop(files: FileActions | null): FileActions {
  if (!files) throw new AppError('desktop_only')
  return files
}
