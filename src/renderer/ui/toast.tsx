import { Toast } from '@base-ui/react/toast'
import { useTranslation } from 'react-i18next'

const shownMs = 4_000
/** Longer than a plain confirmation: the user has to read it, decide and reach the button. */
const actionShownMs = 10_000

/** Connects `useToast` with the layer that shows toasts, whose code loads after the first paint. */
export const toasts = Toast.createToastManager()
const layer = Promise.withResolvers<void>()
/** Call when the layer is there. Toasts wait for it. */
export const reportToastLayer = layer.resolve

/** Confirms an action of the user and offers another one, named `undo` by default. Not for messages that must be read. */
export function useToast(): (message: string, act?: () => void, name?: string) => void {
  const { t } = useTranslation()
  return async (message, act, name = t('common.undo')) => {
    await layer.promise
    const id: string = toasts.add({
      title: message,
      timeout: act ? actionShownMs : shownMs,
      actionProps: act && {
        children: name,
        onClick: () => {
          act()
          toasts.close(id)
        },
      },
    })
  }
}
