import { createContext, type DragEvent, type ReactNode, use, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MediaRef } from '../../../shared/bridge.ts'
import type { Agent } from '../../../shared/values.ts'
import { useBridge, useCommand } from '../../data/hooks.ts'
import { useToast } from '../../ui/toast.tsx'

type Result = Omit<MediaRef, 'size'>

interface DragAttributes {
  draggable: boolean
  onDragStart?: (event: DragEvent) => void
}

const noDrag: DragAttributes = { draggable: false }
const DragOut = createContext<(result: Result) => DragAttributes>(() => noDrag)

/** Lets the pictures in it be dragged out of the window. It has the hooks of all of them, which took tiles longer than drawing. */
export function DragOutProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const toast = useToast()
  const { host } = useBridge()
  const { mutate: drag } = useCommand('files.drag')
  const sayLater = useRef(() => {})
  useEffect(() => {
    sayLater.current = () => toast(t('files.later'))
  })
  const attributesOf = useMemo(() => {
    if (host === 'browser') return () => noDrag
    return (result: Result): DragAttributes => ({
      draggable: true,
      onDragStart(event) {
        // The page has only the picture's address; the main process drags the file.
        event.preventDefault()
        const input = { ...result, agent: result.agent as Agent }
        drag(input, { onSuccess: (hasBegun) => hasBegun || sayLater.current() })
      },
    })
  }, [host, drag])
  return <DragOut value={attributesOf}>{children}</DragOut>
}

/** Attributes of a picture that the user can drag out of the window, as its original. */
export function useDragOut(result: Result | null): DragAttributes {
  const attributesOf = use(DragOut)
  return result ? attributesOf(result) : noDrag
}
