import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppError, type ErrorView } from '../../../shared/errors.ts'
import { useBridge } from '../../data/hooks.ts'
import { type Given, givenBy, send } from './given.ts'

export interface Upload {
  /** The id under which the core keeps the source. */
  id: string
  name: string
  isArchive: boolean
  /** The share that has arrived, 0 to 1. */
  sent: number
  error: ErrorView | null
}

/** The source that the user gave last, and functions that give another and forget it. */
export function useUpload(): [Upload | null, (given: Given) => void, () => void] {
  const bridge = useBridge()
  const [upload, setUpload] = useState<Upload | null>(null)
  const running = useRef<AbortController>(null)
  const forget = () => {
    running.current?.abort()
    setUpload(null)
  }
  const give = (given: Given) => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const id = crypto.randomUUID()
    const update = (change: Partial<Upload>) =>
      setUpload((current) => (current?.id === id ? { ...current, ...change } : current))
    setUpload({ id, name: given.name, isArchive: given.isArchive, sent: 0, error: null })
    send(bridge, id, given, controller.signal, (sent) => update({ sent })).catch((error: unknown) =>
      // A dropped folder, or a file that was moved meanwhile, cannot be read.
      update({
        error: error instanceof AppError ? error.toView() : { code: 'cannot_read_file', params: { path: given.name } },
      }),
    )
  }
  useEffect(() => () => running.current?.abort(), [])
  return [upload, give, forget]
}

/** Takes pastes and drops anywhere on the page. Returns whether something that can be dropped is above it. */
export function useTakeAnywhere(give: (given: Given) => void): boolean {
  const { t } = useTranslation()
  const [isOver, setOver] = useState(false)
  const take = useEffectEvent((event: Event, transfer: DataTransfer | null) => {
    const given = transfer && givenBy(transfer, t('history.pasted'))
    if (!given) return
    event.preventDefault()
    give(given)
  })
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => take(event, event.clipboardData)
    const onDragOver = (event: DragEvent) => {
      event.preventDefault()
      setOver(true)
    }
    const onDragLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false)
    const onDrop = (event: DragEvent) => {
      // The browser would open the file instead of the app.
      event.preventDefault()
      setOver(false)
      take(event, event.dataTransfer)
    }
    const listeners = new AbortController()
    const { signal } = listeners
    document.addEventListener('paste', onPaste, { signal })
    document.addEventListener('dragover', onDragOver, { signal })
    document.addEventListener('dragleave', onDragLeave, { signal })
    document.addEventListener('drop', onDrop, { signal })
    return () => listeners.abort()
  }, [])
  return isOver
}
