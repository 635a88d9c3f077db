import { Combine, FileInput, LogOut, Plug, Settings2 } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useShowsAll } from '../data/account.ts'
import { useCommand, useRoute } from '../data/hooks.ts'
import { useLabels } from '../i18n/use-texts.ts'
import { importPath, settingsPath } from '../navigation/paths.ts'
import { useAccountName } from '../parts/accounts/account-name.ts'
import { JoinDialog, useJoinable } from '../parts/accounts/join-dialog.tsx'
import { SignOutDialog } from '../parts/accounts/sign-out-dialog.tsx'
import { ConnectDialog } from '../parts/screen/later-dialogs.tsx'
import { Menu, MenuChoice, MenuDivider, MenuItem } from '../ui/menu.tsx'

/** The value of the choice of all accounts; no account has an empty name. */
const everyAccount = ''

interface AccountMenuProps {
  trigger: ReactElement<Record<string, unknown>>
  defaultOpen?: boolean
}

/** All accounts, with the way to the user's own history. */
export function AccountMenu({ trigger, defaultOpen }: AccountMenuProps) {
  const { t } = useTranslation()
  const labels = useLabels()
  const accountName = useAccountName()
  const [, navigate] = useLocation()
  const { data: accounts = [] } = useRoute('accounts.list', {})
  const { data: service } = useRoute('service.get', {})
  const showsAll = useShowsAll()
  const { mutate: show } = useCommand('accounts.show')
  const [connects, setConnects] = useState(false)
  const [signsOut, setSignsOut] = useState(false)
  const [joins, setJoins] = useState(false)
  const joinable = useJoinable()
  const own = accounts.filter(({ isSample }) => !isSample)
  const all = { value: everyAccount, label: t('account.all'), detail: t('account.count', { count: own.length }) }
  return (
    <>
      <Menu side="top" trigger={trigger} defaultOpen={defaultOpen}>
        {accounts.length > 0 && (
          <>
            <MenuChoice
              label={t('account.choose')}
              value={showsAll ? everyAccount : (accounts.find(({ isShown }) => isShown)?.id ?? null)}
              options={[
                ...(own.length > 1 ? [all] : []),
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
