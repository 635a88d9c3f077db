/** Where an update of the app is. */
export interface UpdateState {
  /**
   * `off`: this build does not update itself. `idle`: the last check found nothing newer, or there was none yet. `ready`: it is
   * installed when the app ends. `failed`: the last check or download failed.
   */
  status: 'off' | 'idle' | 'checking' | 'downloading' | 'ready' | 'failed'
  /** The newer version while it is downloaded or ready. */
  version: string | null
}
