import { Toast } from '@base-ui/react/toast'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './toast.module.css'

const shownMs = 4_000
/** Longer than a plain confirmation: the user has to read it, decide and reach the button. */
const actionShownMs = 10_000

export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider timeout={shownMs} limit={2}>
      {children}
      <Toasts />
    </Toast.Provider>
  )
}

function Toasts() {
  const { toasts } = Toast.useToastManager()
  const { t } = useTranslation()
  return (
    <Toast.Portal>
      <Toast.Viewport className={styles.viewport} aria-label={t('common.notifications')}>
        {toasts.map((toast) => (
          <Toast.Root key={toast.id} toast={toast} className={styles.toast}>
            <Toast.Content className={styles.content}>
              <Toast.Title render={<p />} />
              <Toast.Action className={styles.action} />
            </Toast.Content>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  )
}

/** Confirms an action of the user and offers another one, named `undo` by default. Not for messages that must be read. */
export function useToast(): (message: string, act?: () => void, name?: string) => void {
  const { add, close } = Toast.useToastManager()
  const { t } = useTranslation()
  return (message, act, name = t('common.undo')) => {
    const id: string = add({
      title: message,
      timeout: act ? actionShownMs : shownMs,
      actionProps: act && {
        children: name,
        onClick: () => {
          act()
          close(id)
        },
      },
    })
  }
}
