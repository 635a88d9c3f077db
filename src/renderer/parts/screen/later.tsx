import { type ComponentType, cloneElement, type KeyboardEvent, type ReactElement, useState } from 'react'
import { pageReady } from '../../ui/page-ready.ts'
import { useNotLoadedToast } from './use-not-loaded.ts'

interface Floating {
  trigger: ReactElement<Record<string, unknown>>
  /** Whether it is open at first. */
  defaultOpen?: boolean
}

/**
 * A floating layer whose code loads after the page is painted. Only its trigger is rendered until the first press: replacing
 * the trigger when the code arrives could lose the focus or a press.
 */
export function later<Props extends Floating>(
  popup: 'dialog' | 'menu',
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  const prepare = async () => {
    loaded ??= await load()
  }
  // If this fails, the first press tries again and says so.
  pageReady.then(prepare).catch(() => {})

  return function Later(props: Props) {
    const [isOpened, setOpened] = useState(false)
    const sayNotLoaded = useNotLoadedToast()
    const Loaded = loaded
    if (isOpened && Loaded) return <Loaded {...props} defaultOpen />
    const open = () => {
      prepare().then(() => setOpened(true), sayNotLoaded)
    }
    return cloneElement(props.trigger, {
      'aria-haspopup': popup,
      'aria-expanded': false,
      onClick: open,
      ...(popup === 'menu' && {
        onKeyDown(event: KeyboardEvent) {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          open()
        },
      }),
    })
  }
}
