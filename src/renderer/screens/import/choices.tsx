import { type ComponentProps, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountItem, ImportPreview } from '../../../shared/import-views.ts'
import { dateOrders, type Guess, importEncodings, type Reading, signRules } from '../../../shared/imports.ts'
import { zoneLabel } from '../../i18n/format.ts'
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
  const change = (changed: Partial<Reading>) => onChange({ reading: { ...reading, ...changed } })
  return (
    <div className={styles.choices}>
      <SourceChoices preview={preview} choice={choice} accounts={accounts} onChange={onChange} />
      {reading.layout === 'table' && (
        <>
          <TableChoices
            preview={preview}
            reading={reading}
            guesses={guesses}
            // Without a guess about it, the order matters only once the user has changed the reading.
            showsOrder={Boolean(guessAbout(guesses, 'date_order')) || guesses.length === 0 || choice.reading !== null}
            onChange={change}
          />
          <WordMeanings rows={preview.rows} reading={reading} onChange={change} />
        </>
      )}
    </div>
  )
}

/** The account, the table and the text encoding; only those of which there are several. */
function SourceChoices({ preview, choice, accounts, onChange }: Omit<ChoicesProps, 'reading' | 'guesses'>) {
  const { t } = useTranslation()
  const accountName = useAccountName()
  const { tables, encodings, encoding: current } = preview
  const newOption = { value: newAccount, label: t('history.newAccount') }
  return (
    <>
      {accounts && (
        <SelectField
          label={t('history.choice.account')}
          reason={t('history.accountReason')}
          value={choice.account ?? newAccount}
          options={[
            ...accounts.map((account) => ({ value: account.id, label: accountName(account) })),
            ...(accounts.some(({ isImported }) => isImported) ? [] : [newOption]),
          ]}
          onChange={(id) => onChange({ account: id === newAccount ? null : id })}
        />
      )}
      {tables.length > 1 && (
        <SelectField
          label={t('history.choice.table')}
          value={String(choice.table)}
          options={tables.map(({ name, rows }, index) => ({
            value: String(index),
            label: t('history.tableOf', { name: name || index + 1, count: rows }),
          }))}
          onChange={(index) => onChange({ table: Number(index), reading: null })}
        />
      )}
      {encodings.length > 1 && (
        <SelectField
          label={t('history.choice.encoding')}
          value={current ?? ''}
          options={importEncodings
            .filter((encoding) => encodings.includes(encoding) || encoding === current)
            .map((encoding) => ({ value: encoding, label: t(`history.encoding.${encoding}`) }))}
          onChange={(value) =>
            onChange({ encoding: importEncodings.find((known) => known === value) ?? null, reading: null })
          }
        />
      )}
    </>
  )
}

interface TableChoicesProps extends Pick<ChoicesProps, 'preview' | 'reading' | 'guesses'> {
  showsOrder: boolean
  onChange: (change: Partial<Reading>) => void
}

/** The signs of amounts, the time zone, the order of dates and the heading row. */
function TableChoices({ preview, reading, guesses, showsOrder, onChange }: TableChoicesProps) {
  const { t } = useTranslation()
  const { words, reason } = useReasons(preview, reading, guesses)
  const { headingRow } = reading
  const rowOptions = preview.rows
    .slice(0, Math.max(headingRows, (headingRow ?? 0) + 1))
    .map(({ row }, index) => ({ value: String(index), label: t('history.row', { row }) }))
  return (
    <>
      <SelectField
        label={t('import.about.sign_rule')}
        reason={reason('sign_rule')}
        value={reading.signRule}
        options={signRules.map((rule) => ({ value: rule, label: words.sign(rule) }))}
        onChange={(value) => onChange({ signRule: signRules.find((rule) => rule === value) ?? 'as_written' })}
      />
      <SelectField
        label={t('import.about.zone')}
        reason={reason('zone')}
        value={reading.zone}
        options={zones(reading.zone, t('history.usualZones'), t('history.allZones'))}
        onChange={(zone) => onChange({ zone })}
      />
      {showsOrder && (
        <SelectField
          label={t('import.about.date_order')}
          reason={reason('date_order')}
          value={reading.dateOrder}
          options={dateOrders.map((order) => ({ value: order, label: words.order(order) }))}
          onChange={(value) => onChange({ dateOrder: dateOrders.find((order) => order === value) ?? 'year_first' })}
        />
      )}
      <SelectField
        label={t('import.about.heading_row')}
        reason={reason('heading_row')}
        value={headingRow === null ? '' : String(headingRow)}
        options={[{ value: '', label: t('history.noHeading') }, ...rowOptions]}
        onChange={(index) => onChange({ headingRow: index === '' ? null : Number(index) })}
      />
    </>
  )
}

interface SelectFieldProps extends Pick<ComponentProps<typeof Select>, 'label' | 'value' | 'options' | 'onChange'> {
  reason?: string | null
}

/** A choice with its name, and the reason for it as its description. */
function SelectField({ label, reason, ...select }: SelectFieldProps) {
  const id = useId()
  return (
    <div className={styles.field}>
      <span className={styles.name} aria-hidden>
        {label}
      </span>
      <Select label={label} aria-describedby={reason ? id : undefined} {...select} />
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
  const option = (zone: string) => ({ value: zone, label: zoneLabel(zone) })
  const likely = [...new Set(['Asia/Seoul', Intl.DateTimeFormat().resolvedOptions().timeZone, 'UTC', current])]
  const others = Intl.supportedValuesOf('timeZone').filter((zone) => !likely.includes(zone))
  return [
    { label: usual, options: likely.map(option) },
    { label: all, options: others.map(option) },
  ]
}
