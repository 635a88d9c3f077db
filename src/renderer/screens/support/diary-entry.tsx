import { Bell, ChevronDown, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SupportCase } from '../../../shared/views.ts'
import { now, useNow } from '../../data/clock.ts'
import { useCommand } from '../../data/hooks.ts'
import { lines } from '../../i18n/format.ts'
import { AccountBadge } from '../../parts/accounts/account-badge.tsx'
import { isReminderDue } from '../../parts/credits/diary-link.tsx'
import { Problem } from '../../parts/screen/problem.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { useToast } from '../../ui/toast.tsx'
import { Time } from '../../ui/values.tsx'
import { CaseLink } from './case-link.tsx'
import { MessageActions } from './message-actions.tsx'
import styles from './support.module.css'

const states = ['draft', 'sent', 'answered', 'resolved'] as const
const dayMs = 86_400_000

/** A message of the diary: its state, cases, text and reminder. */
export function DiaryEntry({ entry }: { entry: SupportCase }) {
  const { t } = useTranslation()
  const toast = useToast()
  const update = useCommand('support.update')
  const remove = useCommand('support.delete')
  const restore = useCommand('support.restore')
  const due = isReminderDue(entry, useNow())
  const { id, state, cases, subject, text, remindAt, closedBy, createdAt } = entry
  const error = update.error ?? remove.error
  const remind = (days: number | null) => update.mutate({ id, remindAt: days === null ? null : now() + days * dayMs })
  const deleteEntry = () =>
    remove.mutate({ id }, { onSuccess: () => toast(t('support.deleted'), () => restore.mutate(entry)) })
  return (
    <li>
      <article className={styles.entry} aria-label={subject} data-state={state}>
        <h2>{subject}</h2>
        <p className={styles.hint}>
          <Time at={createdAt} /> <AccountBadge account={entry.account} />
        </p>
        {closedBy === 'refund' && <p className="lines">{t('support.closedByRefund', lines)}</p>}
        {due && (
          <p className={`lines ${styles.due}`} role="status">
            {t('support.remind.due', lines)}
          </p>
        )}
        {cases.length > 0 && (
          <ul className={styles.cases}>
            {cases.map((name) => (
              <li key={name}>
                <CaseLink of={{ account: entry.account, case: name }} />
              </li>
            ))}
          </ul>
        )}
        <details>
          <summary>{t('support.text')}</summary>
          <p className={styles.text}>{text}</p>
        </details>
        {state === 'draft' && <MessageActions message={entry} entry={entry} />}
        <div className={styles.actions}>
          <Menu
            trigger={
              <Button size="small" aria-label={`${t('support.state.label')}: ${t(`support.state.${state}`)}`}>
                {t(`support.state.${state}`)}
                <Icon icon={ChevronDown} size={14} />
              </Button>
            }
          >
            {states.map((value) => (
              <MenuItem key={value} disabled={value === state} onSelect={() => update.mutate({ id, state: value })}>
                {t(`support.state.${value}`)}
              </MenuItem>
            ))}
          </Menu>
          {state !== 'resolved' && (
            <Menu
              trigger={
                <Button size="small" variant="soft" icon={Bell}>
                  {remindAt === null ? t('support.remind.none') : t('support.remind.at', { at: remindAt })}
                </Button>
              }
            >
              <MenuItem onSelect={() => remind(3)}>{t('support.remind.in', { count: 3 })}</MenuItem>
              <MenuItem onSelect={() => remind(7)}>{t('support.remind.in', { count: 7 })}</MenuItem>
              <MenuItem onSelect={() => remind(null)}>{t('support.remind.none')}</MenuItem>
            </Menu>
          )}
          <IconButton icon={Trash2} label={t('support.delete')} size="small" onClick={deleteEntry} />
        </div>
        <Problem error={error} />
      </article>
    </li>
  )
}
