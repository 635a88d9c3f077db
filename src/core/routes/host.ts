/**
 * The `host` routes. They run in the host's thread, which never opens SQLite, so this file imports only types of the
 * store.
 */
import { AppError } from '../../shared/errors.ts'
import type { DesktopActions } from '../host/desktop-actions.ts'
import type { Handlers } from './context.ts'

export const hostHandlers: Handlers<'host'> = {
  'settings.get': ({ settings }) => settings.get(),
  'settings.set': ({ settings, publish }, patch) => {
    const changed = settings.set(patch)
    publish({ type: 'settings', settings: changed })
    return changed
  },

  'service.get': ({ connection }) => connection.state(),
  'service.connect': async ({ connection }, { address, token }) => {
    await connection.connect(address, token)
    return connection.state()
  },
  'service.check': async ({ connection }, { address }) => ({ offersSignIn: await connection.offersSignIn(address) }),
  'service.signIn': async ({ connection, publish }, { address }) => {
    await connection.signIn(address, () => publish({ type: 'service' }))
    return connection.state()
  },
  'service.showSignIn': async ({ connection }) => {
    await connection.showSignIn()
    return null
  },
  'service.cancelSignIn': ({ connection }) => {
    connection.cancelSignIn()
    return null
  },
  'service.disconnect': async ({ connection }) => {
    const revocation = await connection.disconnect()
    return { ...(await connection.state()), revocation }
  },

  'accounts.delete': async ({ deleteAccount }, { id, keepsBackups }) => {
    await deleteAccount(id, keepsBackups)
    return null
  },
  'recovery.state': ({ recovery }) => ({ damage: recovery.damage() }),
  'recovery.backups': ({ recovery }) => recovery.backups(),
  'recovery.start': ({ recovery }, { backup }) => recovery.start(backup),

  'sync.state': ({ syncState }) => syncState(),
  'originals.state': ({ originalsState }) => originalsState(),
  'originals.estimate': ({ estimateOriginals }) => estimateOriginals(),

  'folders.state': ({ folders }) => folders.state(),
  'folders.skipped': ({ folders }, { batch }) => folders.skipped(batch),
  'folders.choose': ({ desktop }) => desktopOf(desktop).chooseFolder(),

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

  // A browser drops the request itself.
  'media.cancel': ({ desktop }, file) => {
    desktop?.cancelMedia(file)
    return null
  },
  'media.keepTile': async ({ keepTile }, { data, ...ref }) => ({
    kept: await keepTile(ref, Buffer.from(data, 'base64')),
  }),
  'media.subtitles': ({ subtitles }, ref) => subtitles(ref),
  'media.credentials': ({ credentials }, ref) => credentials(ref),

  'app.retryFolder': async ({ retryFolder }) => {
    await retryFolder()
    return null
  },
  'app.menu': ({ desktop }) => {
    desktopOf(desktop).openMenu()
    return null
  },

  'updates.state': ({ desktop }) => desktop?.updates.state() ?? { status: 'off', version: null },
  'updates.check': async ({ desktop }) => {
    const { updates } = desktopOf(desktop)
    await updates.check()
    return updates.state()
  },
  'updates.install': ({ desktop }) => {
    desktopOf(desktop).updates.install()
    return null
  },

  'files.show': async ({ desktop }, file) => {
    await desktopOf(desktop).show(file)
    return null
  },
  'files.save': ({ desktop }, result) => desktopOf(desktop).save(result),
  'files.saveDiagnostics': ({ desktop }) => desktopOf(desktop).saveDiagnostics(),
  'files.drag': ({ desktop }, result) => desktopOf(desktop).drag(result),

  'export.write': ({ exporter }, { format }) => exporter.run(format),
  'export.cancel': ({ exporter }) => {
    exporter.cancel()
    return null
  },
}

function desktopOf(desktop: DesktopActions | null): DesktopActions {
  if (!desktop) throw new AppError('desktop_only')
  return desktop
}
