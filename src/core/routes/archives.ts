import type { Handler } from './context.ts'

export const archivesReceive: Handler<'archives.receive'> = ({ archives }, { upload, data }) => {
  archives.receive(upload, Buffer.from(data, 'base64'))
  return null
}

export const archivesPreview: Handler<'archives.preview'> = ({ archives }, { upload }) => archives.preview(upload)

export const archivesImport: Handler<'archives.import'> = async ({ archives, publish }, { upload }) => {
  const accounts = await archives.run(upload)
  if (accounts === null) return null
  const count = (name: 'jobs' | 'transactions') => accounts.reduce((sum, account) => sum + account[name], 0)
  publish({ type: 'data', jobs: count('jobs'), transactions: count('transactions'), cases: 0, account: true })
  return accounts
}

export const archivesCancel: Handler<'archives.cancel'> = ({ archives }) => {
  archives.cancel()
  return null
}
