import { Combine, FileInput, LogOut, Plug, Settings2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useShowsAll } from '../data/account.ts'
import { useCommand, useRoute } from '../data/hooks.ts'
import { middleDot } from '../i18n/format.ts'
import { useLabels } from '../i18n/use-texts.ts'
import { importPath, settingsPath } from '../navigation/paths.ts'
import { useAccountName } from '../parts/account-name.ts'
import { ConnectDialog } from '../parts/connect-dialog.tsx'
import { JoinDialog, useJoinable } from '../parts/join-dialog.tsx'
import { SignOutDialog } from '../parts/sign-out-dialog.tsx'
import { Menu, MenuChoice, MenuDivider, MenuItem } from '../ui/menu.tsx'
import styles from './sidebar.module.css'

/** The value of the choice of all accounts; no account has an empty name. */
const everyAccount = ''

/** The account shown, and a menu of all accounts with the way to the user's own history. Absent until it is loaded. */
export function AccountBlock() {
  const { t } = useTranslation()
  const labels = useLabels()
  const accountName = useAccountName()
  const [, navigate] = useLocation()
  const { data: account } = useRoute('account.get', {})
  const { data: accounts = [] } = useRoute('accounts.list', {})
  const { data: service } = useRoute('service.get', {})
  const showsAll = useShowsAll()
  const { mutate: show } = useCommand('accounts.show')
  const [connects, setConnects] = useState(false)
  const [signsOut, setSignsOut] = useState(false)
  const [joins, setJoins] = useState(false)
  const joinable = useJoinable()
  if (account === undefined) return null
  const own = accounts.filter(({ isSample }) => !isSample)
  const shown = accounts.filter(({ isShown }) => isShown)
  const one = account ? (account.isImported ? accountName(account) : account.displayName) : t('account.none')
  const from = account && labels.signIn(account.signInMethod)
  const name = showsAll ? t('account.all') : one
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
              {showsAll ? (
                <span className={styles.plan}>{t('account.count', { count: shown.length })}</span>
              ) : (
                account && (
                  <span className={styles.plan}>
                    {account.isImported ? from : `${from}${middleDot}${labels.plan(account.plan)}`}
                  </span>
                )
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
              value={showsAll ? everyAccount : (shown[0]?.id ?? null)}
              options={[
                ...(own.length > 1
                  ? [
                      {
                        value: everyAccount,
                        label: t('account.all'),
                        detail: t('account.count', { count: own.length }),
                      },
                    ]
                  : []),
                ...accounts.map((item) => ({
                  value: item.id,
                  label: accountName(item),
                  detail: labels.signIn(item.signInMethod),
                })),
              ]}
              onChange={(id) => show({ id: id === everyAccount ? null : id })}
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
        {joinable && (
          <MenuItem icon={Combine} onSelect={() => setJoins(true)}>
            {t('account.join.open')}
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
      {joins && joinable && <JoinDialog {...joinable} onClose={() => setJoins(false)} />}
      <ConnectDialog open={connects} onClose={() => setConnects(false)} />
      {signsOut && <SignOutDialog onClose={() => setSignsOut(false)} />}
    </>
  )
}
