import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountItem, ImportPreview } from '../../../shared/import-views.ts'
import { dateOrders, type Guess, importEncodings, type Reading, signRules } from '../../../shared/imports.ts'
import { useAccountName } from '../../parts/accounts/account-name.ts'
import { Select, type SelectOption, type SelectSection } from '../../ui/select.tsx'
import styles from './choices.module.css'
import { guessAbout } from './reading.ts'
import type { Choice } from './use-preview.ts'
import { useReasons } from './use-reasons.ts'
import { WordMeanings } from './word-meanings.tsx'

interface ChoicesProps {
  preview: ImportPreview
  /** The reading as the user wants it, which may be newer than that of the preview. */
  reading: Reading
  guesses: readonly Guess[]
  choice: Choice
  /** Null for a stored table, which stays in its account. */
  accounts: readonly AccountItem[] | null
  onChange: (change: Partial<Choice>) => void
}

/** Rows from which the heading can be chosen. */
const headingRows = 30
const newAccount = ''

/** The choices of a reading that concern the whole table, each with the reason for the app's guess. */
export function Choices({ preview, reading, guesses, choice, accounts, onChange }: ChoicesProps) {
  const { t } = useTranslation()
  const { words, reason } = useReasons(preview, reading, guesses)
  const accountName = useAccountName()
  const change = (changed: Partial<Reading>) => onChange({ reading: { ...reading, ...changed } })
  const isTable = reading.layout === 'table'
  const showsOrder = guessAbout(guesses, 'date_order') || guesses.length === 0 || choice.reading !== null
  return (
    <div className={styles.choices}>
      {accounts && (
        <Field name={t('history.choice.account')} reason={t('history.accountReason')}>
          {(control) => (
            <Select
              {...control}
              value={choice.account ?? newAccount}
              options={[
                ...accounts.map((account) => ({ value: account.id, label: accountName(account) })),
                ...(accounts.some(({ isImported }) => isImported)
                  ? []
                  : [{ value: newAccount, label: t('history.newAccount') }]),
              ]}
              onChange={(id) => onChange({ account: id === newAccount ? null : id })}
            />
          )}
        </Field>
      )}
      {preview.tables.length > 1 && (
        <Field name={t('history.choice.table')}>
          {(control) => (
            <Select
              {...control}
              value={String(choice.table)}
              options={preview.tables.map(({ name, rows }, index) => ({
                value: String(index),
                label: t('history.tableOf', { name: name || index + 1, count: rows }),
              }))}
              onChange={(index) => onChange({ table: Number(index), reading: null })}
            />
          )}
        </Field>
      )}
      {preview.encodings.length > 1 && (
        <Field name={t('history.choice.encoding')}>
          {(control) => (
            <Select
              {...control}
              value={preview.encoding ?? ''}
              options={importEncodings
                .filter((encoding) => preview.encodings.includes(encoding) || encoding === preview.encoding)
                .map((encoding) => ({ value: encoding, label: t(`history.encoding.${encoding}`) }))}
              onChange={(value) =>
                onChange({ encoding: importEncodings.find((known) => known === value) ?? null, reading: null })
              }
            />
          )}
        </Field>
      )}
      {isTable && (
        <>
          <Field name={t('import.about.sign_rule')} reason={reason('sign_rule')}>
            {(control) => (
              <Select
                {...control}
                value={reading.signRule}
                options={signRules.map((rule) => ({ value: rule, label: words.sign(rule) }))}
                onChange={(value) => change({ signRule: signRules.find((rule) => rule === value) ?? 'as_written' })}
              />
            )}
          </Field>
          <Field name={t('import.about.zone')} reason={reason('zone')}>
            {(control) => (
              <Select
                {...control}
                value={reading.zone}
                options={zones(reading.zone, t('history.usualZones'), t('history.allZones'))}
                onChange={(zone) => change({ zone })}
              />
            )}
          </Field>
          {showsOrder && (
            <Field name={t('import.about.date_order')} reason={reason('date_order')}>
              {(control) => (
                <Select
                  {...control}
                  value={reading.dateOrder}
                  options={dateOrders.map((order) => ({ value: order, label: words.order(order) }))}
                  onChange={(value) =>
                    change({ dateOrder: dateOrders.find((order) => order === value) ?? 'year_first' })
                  }
                />
              )}
            </Field>
          )}
          <Field name={t('import.about.heading_row')} reason={reason('heading_row')}>
            {(control) => (
              <Select
                {...control}
                value={reading.headingRow === null ? '' : String(reading.headingRow)}
                options={[
                  { value: '', label: t('history.noHeading') },
                  ...preview.rows
                    .slice(0, Math.max(headingRows, (reading.headingRow ?? 0) + 1))
                    .map(({ row }, index) => ({ value: String(index), label: t('history.row', { row }) })),
                ]}
                onChange={(index) => change({ headingRow: index === '' ? null : Number(index) })}
              />
            )}
          </Field>
          <WordMeanings rows={preview.rows} reading={reading} onChange={change} />
        </>
      )}
    </div>
  )
}

interface FieldProps {
  name: string
  reason?: string | null
  /** The control, with its accessible name and the reason as its description. */
  children: (control: { label: string; 'aria-describedby': string | undefined }) => ReactNode
}

function Field({ name, reason, children }: FieldProps) {
  const id = useId()
  return (
    <div className={styles.field}>
      <span className={styles.name} aria-hidden>
        {name}
      </span>
      {children({ label: name, 'aria-describedby': reason ? id : undefined })}
      {reason && (
        <p id={id} className={`lines ${styles.reason}`}>
          {reason}
        </p>
      )}
    </div>
  )
}

/** The likely zones first: of Carat, of this computer, and of services that write UTC. */
function zones(current: string, usual: string, all: string): (SelectOption | SelectSection)[] {
  const option = (zone: string) => ({ value: zone, label: zone.replaceAll('_', ' ') })
  const likely = [...new Set(['Asia/Seoul', Intl.DateTimeFormat().resolvedOptions().timeZone, 'UTC', current])]
  const others = Intl.supportedValuesOf('timeZone').filter((zone) => !likely.includes(zone))
  return [
    { label: usual, options: likely.map(option) },
    { label: all, options: others.map(option) },
  ]
}
