import { type ComponentType, useEffect, useEffectEvent, useState } from 'react'
import { useNotLoadedToast } from './use-not-loaded.ts'

interface DialogState {
  open: boolean
  onClose: () => void
}

/** A dialog whose code loads when it first opens. If it cannot be loaded, it closes and says so. */
function laterDialog<Props extends DialogState>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  return function LaterDialog(props: Props) {
    const { open, onClose } = props
    const [isLoaded, setLoaded] = useState(loaded !== null)
    const sayNotLoaded = useNotLoadedToast()
    const fail = useEffectEvent(() => {
      onClose()
      sayNotLoaded()
    })
    useEffect(() => {
      if (isLoaded || !open) return
      load().then(
        (component) => {
          loaded = component
          setLoaded(true)
        },
        () => fail(),
      )
    }, [isLoaded, open])
    const Loaded = loaded
    return isLoaded && Loaded ? <Loaded {...props} /> : null
  }
}

export const ConnectDialog = laterDialog(() =>
  import('../accounts/connect-dialog.tsx').then((code) => code.ConnectDialog),
)
