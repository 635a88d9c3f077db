import { type ComponentType, useEffect, useState } from 'react'

/** A component whose code is a file of its own. */
export interface LaterCode<Props> {
  /** Loads the code; null if it is there. Rejects if it cannot be loaded. */
  prepare(): Promise<void> | null
  /** The component; null until its code is there. */
  loaded(): ComponentType<Props> | null
}

export function laterCode<Props>(load: () => Promise<ComponentType<Props>>): LaterCode<Props> {
  let loaded: ComponentType<Props> | null = null
  let loading: Promise<void> | null = null
  return {
    prepare() {
      if (loaded) return null
      loading ??= load()
        .then((component) => {
          loaded = component
        })
        .finally(() => {
          loading = null
        })
      return loading
    },
    loaded: () => loaded,
  }
}

/** Loads a component if it was not prepared, and renders again when that has ended. */
export function useLaterCode<Props>({ prepare, loaded }: LaterCode<Props>) {
  const [ended, setEnded] = useState({ failed: false })
  useEffect(() => {
    prepare()?.then(
      () => setEnded({ failed: false }),
      () => setEnded({ failed: true }),
    )
  }, [prepare])
  const Loaded = loaded()
  return { Loaded, hasFailed: ended.failed && Loaded === null }
}
