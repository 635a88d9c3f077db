import { useTranslation } from 'react-i18next'
import type { PreviewRow } from '../../../shared/import-views.ts'
import type { Reading } from '../../../shared/imports.ts'
import { features, transactionKinds } from '../../../shared/values.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import { Select } from '../../ui/select.tsx'
import { withMeaning, wordsOf } from './reading.ts'
import styles from './word-meanings.module.css'

interface WordMeaningsProps {
  rows: readonly PreviewRow[]
  reading: Reading
  onChange: (change: Partial<Reading>) => void
}

/** The words of the columns for kind and feature, with what each of them means. */
export function WordMeanings({ rows, reading, onChange }: WordMeaningsProps) {
  const { t } = useTranslation()
  const labels = useLabels()
  const kinds = wordsOf(rows, reading, 'kind')
  const texts = wordsOf(rows, reading, 'feature')
  if (kinds.length + texts.length === 0) return null
  const { kindWords, featureWords } = reading
  return (
    <details className={styles.words}>
      <summary>{t('history.words')}</summary>
      <div className={styles.list}>
        {kinds.map((word) => (
          <Meaning
            key={`kind ${word}`}
            word={word}
            value={kindWords.find((known) => known.word === word)?.kind ?? null}
            values={transactionKinds}
            label={labels.transaction}
            onChange={(kind) => onChange({ kindWords: withMeaning(kindWords, word, kind && { word, kind }) })}
          />
        ))}
        {texts.map((word) => (
          <Meaning
            key={`feature ${word}`}
            word={word}
            value={featureWords.find((known) => known.word === word)?.feature ?? null}
            values={features}
            label={labels.feature}
            onChange={(feature) =>
              onChange({ featureWords: withMeaning(featureWords, word, feature && { word, feature }) })
            }
          />
        ))}
      </div>
    </details>
  )
}

interface MeaningProps<T extends string> {
  word: string
  value: T | null
  values: readonly T[]
  label: (value: T) => string
  onChange: (value: T | null) => void
}

function Meaning<T extends string>({ word, value, values, label, onChange }: MeaningProps<T>) {
  const { t } = useTranslation()
  return (
    <div className={styles.word}>
      <span className="clip" aria-hidden>
        {word}
      </span>
      <Select
        label={t('history.meaningOf', { word })}
        value={value ?? ''}
        options={[
          { value: '', label: t('history.byRules') },
          ...values.map((known) => ({ value: known, label: label(known) })),
        ]}
        onChange={(chosen) => onChange(values.find((known) => known === chosen) ?? null)}
      />
    </div>
  )
}
