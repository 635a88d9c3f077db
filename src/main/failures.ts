import { app, type BrowserWindow, clipboard, dialog } from 'electron'
import { errorMessage, label, say } from '../core/host/messages.ts'
import type { Log } from '../core/ports.ts'
import { AppError } from '../shared/errors.ts'
import type { Language } from '../shared/values.ts'
import { withoutData } from './arguments.ts'

/** Says in the user's language why a command of a menu failed; the page shows its own failures. */
export async function showProblem(error: unknown, { language, log }: FailureParts): Promise<void> {
  if (!(error instanceof AppError)) log.warn('command_failed', { error: String(error) })
  const view = error instanceof AppError ? error.toView() : ({ code: 'internal', params: {} } as const)
  const message = errorMessage(view, language())
  await dialog.showMessageBox({ type: 'error', title: label('app.name', language()), message })
}

/** Says that the folder of `--data` cannot hold the database, and starts again without that option if the user agrees. */
export async function offerUsualFolder(message: string, language: Language): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: label('app.name', language),
    message,
    buttons: [label('failure.useLocal', language), label('failure.quit', language)],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  if (response === 0) app.relaunch({ args: withoutData(process.argv.slice(1)) })
}

export interface FailureParts {
  log: Log
  language(): Language
}

const reloadLimit = 3
const reloadWindowMs = 10 * 60_000
/** Chromium's code of a load that another navigation replaced. */
const aborted = -3

/** Shows an error that nothing caught, in the user's language: Electron's own box is in English and offers nothing. */
export function catchFailures(parts: FailureParts): void {
  let isShown = false
  const report = async (error: unknown) => {
    const details = error instanceof Error ? (error.stack ?? String(error)) : String(error)
    parts.log.warn('main_failed', { error: details })
    if (isShown || !app.isReady()) return
    isShown = true
    const answer = await ask(parts.language(), 'failure.unexpected', details, ['failure.goOn', 'failure.quit'])
    isShown = false
    if (answer === 'failure.quit') app.quit()
  }
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
}

/** Loads a crashed page again by itself and says so, at most three times in ten minutes; then it asks. */
export function watchPage(window: BrowserWindow, { log, language }: FailureParts): void {
  const contents = window.webContents
  let reloads: number[] = []
  let isAsking = false
  let isTelling = false

  const askToReload = async (problem: Problem, details: string, answers: Answer[]) => {
    if (isAsking) return
    isAsking = true
    const answer = await ask(language(), problem, details, answers)
    isAsking = false
    if (answer === 'failure.quit') app.quit()
    if (answer === 'failure.reload' && !window.isDestroyed()) contents.reload()
  }

  const tellRecovered = async (details: string) => {
    if (isTelling) return
    isTelling = true
    await ask(language(), 'failure.recovered', details, ['failure.goOn'])
    isTelling = false
  }

  contents.on('render-process-gone', (_, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log.warn('page_gone', { reason, exitCode })
    const now = performance.now()
    reloads = [...reloads.filter((at) => now - at < reloadWindowMs), now]
    const details = `${reason} (${exitCode})`
    if (reloads.length > reloadLimit) {
      askToReload('failure.pageGone', details, ['failure.reload', 'failure.quit'])
      return
    }
    contents.reload()
    tellRecovered(details)
  })
  contents.on('did-fail-load', (_, code, description, __, isMainFrame) => {
    if (!isMainFrame || code === aborted) return
    log.warn('page_not_loaded', { code, description })
    askToReload('failure.pageGone', `${description} (${code})`, ['failure.reload', 'failure.quit'])
  })
  contents.on('unresponsive', () => {
    log.warn('page_unresponsive')
    askToReload('failure.unresponsive', '', ['failure.wait', 'failure.reload', 'failure.quit'])
  })
}

type Problem = 'failure.unexpected' | 'failure.recovered' | 'failure.pageGone' | 'failure.unresponsive'
type Answer = 'failure.goOn' | 'failure.wait' | 'failure.reload' | 'failure.quit'

/** Shows a problem with its details to copy. Resolves with the chosen answer; the first is that of the Escape key. */
async function ask(language: Language, problem: Problem, details: string, answers: Answer[]): Promise<Answer> {
  const copy = details ? [label('failure.copyDetails', language)] : []
  for (;;) {
    const { response } = await dialog.showMessageBox({
      type: 'error',
      title: label('app.name', language),
      message: say(problem, language),
      buttons: [...answers.map((answer) => label(answer, language)), ...copy],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    })
    const answer = answers[response]
    if (answer) return answer
    await clipboard.writeText(details)
  }
}
