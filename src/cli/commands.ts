/** Starts each command with the session that it needs. A command's code is loaded only for that command. */
import { say } from '../core/host/messages.ts'
import type { Language } from '../shared/values.ts'
import { type Arguments, isArchive } from './arguments.ts'
import { nothingYet, print } from './output.ts'
import { openForReading, openForWriting, type ReadSession, type WriteSession } from './session.ts'

type Run<Session> = (args: Arguments, language: Language, session: Session) => number | Promise<number>

/** Commands that answer from the records. */
const readers = {
  jobs: async () => (await import('./lists.ts')).jobs,
  search: async () => (await import('./lists.ts')).jobs,
  credits: async () => (await import('./lists.ts')).credits,
  refunds: async () => (await import('./lists.ts')).refunds,
  findings: async () => (await import('./lists.ts')).findings,
  summary: async () => (await import('./summary.ts')).summary,
  accounts: async () => (await import('./accounts.ts')).accounts,
  imports: async () => (await import('./imports.ts')).imports,
  match: async () => (await import('./match.ts')).match,
  export: async () => (await import('./export.ts')).exportFile,
  backup: async () => (await import('./export.ts')).backup,
  verify: async () => (await import('./verify.ts')).verify,
} satisfies Record<string, () => Promise<Run<ReadSession>>>

/** Runs one command and returns its exit code. Throws `AppError` for expected failures. */
export async function runCommand(args: Arguments, language: Language): Promise<number> {
  const { command } = args
  switch (command) {
    case 'help':
      print(say('cli.help', language))
      return 0
    case 'sync':
      return (await import('./sync.ts')).sync(args, language)
    case 'restore':
      return (await import('./restore.ts')).restore(args, language)
    case 'recover':
      return (await import('./recover.ts')).recover(args, language)
    case 'sign-in':
      return (await import('./sign-in.ts')).signIn(args, language)
    case 'sign-out':
      return write((await import('./sign-in.ts')).signOut, args, language)
    case 'undo':
      return write((await import('./imports.ts')).undo, args, language)
    case 'import': {
      if (isArchive(args)) {
        const { importChosenArchive, previewChosenArchive } = await import('./archive.ts')
        return args.yes ? write(importChosenArchive, args, language) : preview(previewChosenArchive, args, language)
      }
      const { importFile, previewFile } = await import('./imports.ts')
      return args.yes ? write(importFile, args, language) : preview(previewFile, args, language)
    }
    case 'import-folder': {
      const { importFolder, previewResults } = await import('./folders.ts')
      return args.yes ? write(importFolder, args, language) : preview(previewResults, args, language)
    }
    case 'delete': {
      const { deleteChosen, previewDeletion } = await import('./delete.ts')
      return args.yes ? write(deleteChosen, args, language) : preview(previewDeletion, args, language)
    }
  }
  if (args.accept !== null || args.refuse !== null) {
    return write((await import('./match.ts')).answerMatch, args, language)
  }
  return read(await readers[command](), args, language)
}

async function read(command: Run<ReadSession>, args: Arguments, language: Language): Promise<number> {
  const session = await openForReading(args, language)
  try {
    // A damaged file must not be written to, so `verify` checks its pages first.
    if (args.command !== 'verify') session?.settle()
    return session ? await command(args, language, session) : nothingYet(args, language)
  } finally {
    session?.close()
  }
}

/** A preview needs no data folder. */
async function preview(command: Run<ReadSession | null>, args: Arguments, language: Language): Promise<number> {
  const session = await openForReading(args, language)
  try {
    return await command(args, language, session)
  } finally {
    session?.close()
  }
}

async function write(command: Run<WriteSession>, args: Arguments, language: Language): Promise<number> {
  const session = await openForWriting(args, language)
  try {
    return await command(args, language, session)
  } finally {
    session.close()
  }
}
