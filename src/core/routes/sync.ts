import { AppError } from '../../shared/errors.ts'
import { type Handler, requireAccount } from './context.ts'

export const syncNow: Handler<'sync.now'> = ({ sync }) => {
  sync.syncNow()
  return null
}

export const syncPause: Handler<'sync.pause'> = (context) => {
  requireAccount(context)
  context.sync.pause()
  return null
}

export const syncResume: Handler<'sync.resume'> = ({ sync }) => {
  sync.resume()
  return null
}

export const syncAcceptListing: Handler<'sync.acceptListing'> = ({ sync }, { stream }) => {
  if (stream === 'account') throw new AppError('invalid_input', { field: 'stream' })
  sync.accept(stream)
  return null
}
