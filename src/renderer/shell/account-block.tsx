import { FileInput, LogOut, Plug, Settings2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useCommand, useRoute } from '../data/hooks.ts'
import { middleDot } from '../i18n/format.ts'
import { useLabels } from '../i18n/use-texts.ts'
import { importPath, settingsPath } from '../navigation/paths.ts'
import { useAccountName } from '../parts/account-name.ts'
import { ConnectDialog } from '../parts/connect-dialog.tsx'
import { SignOutDialog } from '../parts/sign-out-dialog.tsx'
import { Menu, MenuChoice, MenuDivider, MenuItem } from '../ui/menu.tsx'
import styles from './sidebar.module.css'

/** The account shown, and a menu of all accounts with the way to the user's own history. Absent until it is loaded. */
export function AccountBlock() {
  const { t } = useTranslation()
  const labels = useLabels()
  const accountName = useAccountName()
  const [, navigate] = useLocation()
  const { data: account } = useRoute('account.get', {})
  const { data: accounts = [] } = useRoute('accounts.list', {})
  const { data: service } = useRoute('service.get', {})
  const { mutate: show } = useCommand('accounts.show')
  const [connects, setConnects] = useState(false)
  const [signsOut, setSignsOut] = useState(false)
  if (account === undefined) return null
  const name = account ? (account.isImported ? accountName(account) : account.displayName) : t('account.none')
  const from = account && labels.signIn(account.signInMethod)
  return (
    <>
      <Menu
        side="top"
        trigger={
          <button type="button" className={styles.account}>
            <span className={styles.avatar} aria-hidden>
              {[...name][0]}
            </span>
            <span className={`${styles.who} ${styles.word}`}>
              <span className={`clip ${styles.name}`}>{name}</span>
              {account && (
                <span className={styles.plan}>
                  {account.isImported ? from : `${from}${middleDot}${labels.plan(account.plan)}`}
                </span>
              )}
            </span>
            <span className="sr-only">{t('account.menu')}</span>
          </button>
        }
      >
        {accounts.length > 0 && (
          <>
            <MenuChoice
              label={t('account.choose')}
              value={account?.id ?? null}
              options={accounts.map((item) => ({
                value: item.id,
                label: accountName(item),
                detail: labels.signIn(item.signInMethod),
              }))}
              onChange={(id) => show({ id })}
            />
            <MenuDivider />
          </>
        )}
        <MenuItem icon={FileInput} onSelect={() => navigate(importPath())}>
          {t('history.bring')}
        </MenuItem>
        {service?.canConnect && (
          <MenuItem icon={Plug} onSelect={() => setConnects(true)}>
            {t('connect.title')}
          </MenuItem>
        )}
        <MenuItem icon={Settings2} onSelect={() => navigate(settingsPath)}>
          {t('nav.settings')}
        </MenuItem>
        {service?.kept === 'browser' && (
          <MenuItem icon={LogOut} onSelect={() => setSignsOut(true)}>
            {t('connect.signOut')}
          </MenuItem>
        )}
      </Menu>
      <ConnectDialog open={connects} onClose={() => setConnects(false)} />
      <SignOutDialog open={signsOut} onClose={() => setSignsOut(false)} />
    </>
  )
}
