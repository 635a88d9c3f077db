import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { SectionHeading } from '../../ui/section-heading.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import styles from './settings-screen.module.css'

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id}>{title}</SectionHeading>
      {children}
    </section>
  )
}

/** A setting with its name, a hint, and a control at the right. */
export function Row({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <div>
        <div className={styles.label}>{label}</div>
        {hint && <p className={`lines ${styles.hint}`}>{hint}</p>}
      </div>
      {children}
    </div>
  )
}

interface OnOffProps {
  label: string
  hint: string
  value: boolean
  onChange: (value: boolean) => void
}

/** A setting that is on or off. */
export function OnOff({ label, hint, value, onChange }: OnOffProps) {
  const { t } = useTranslation()
  return (
    <Row label={label} hint={hint}>
      <Segmented
        label={label}
        value={value ? 'on' : 'off'}
        onChange={(chosen) => onChange(chosen === 'on')}
        options={[
          { value: 'off', label: t('settings.storage.off') },
          { value: 'on', label: t('settings.storage.on') },
        ]}
      />
    </Row>
  )
}
