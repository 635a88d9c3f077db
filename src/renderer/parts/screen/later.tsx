import { type ComponentType, cloneElement, type KeyboardEvent, type ReactElement, useState } from 'react'
import { pageReady } from '../../ui/page-ready.ts'
import { useNotLoadedToast } from './use-not-loaded.ts'

interface Floating {
  trigger: ReactElement<Record<string, unknown>>
  /** Whether it is open at first. */
  defaultOpen?: boolean
}

/**
 * A floating layer whose code loads after the page is painted. Its trigger stands alone until it is first pressed, so that no
 * exchange of elements takes the focus or a press away; the layer then opens as soon as its code is there.
 */
export function later<Props extends Floating>(
  popup: 'dialog' | 'menu',
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  const prepare = async () => {
    loaded ??= await load()
  }
  // If this fails, the press says so.
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
