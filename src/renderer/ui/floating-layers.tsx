import { Toast } from '@base-ui/react/toast'
import { Tooltip } from '@base-ui/react/tooltip'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import floatingStyles from './floating.module.css'
import styles from './toast.module.css'
import { reportToastLayer, toasts } from './toast.tsx'
import { tooltips } from './tooltip.tsx'

/** What floats above every screen: the tooltips and the toasts. */
export function FloatingLayers() {
  // Runs after the effects of the provider, which from then on takes toasts.
  useEffect(reportToastLayer, [])
  return (
    <>
      <Tooltip.Root handle={tooltips}>
        {({ payload }) => (
          <Tooltip.Portal>
            <Tooltip.Positioner className={floatingStyles.positioner} side={payload?.side} sideOffset={6}>
              <Tooltip.Popup className={floatingStyles.tooltip}>{payload?.content}</Tooltip.Popup>
            </Tooltip.Positioner>
          </Tooltip.Portal>
        )}
      </Tooltip.Root>
      <Toast.Provider toastManager={toasts} limit={2}>
        <Toasts />
      </Toast.Provider>
    </>
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
