import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CredentialAction, ContentCredentials as StatedCredentials } from '../../../../shared/credentials.ts'
import type { RouteInput } from '../../../../shared/routes.ts'
import { useRoute } from '../../../data/hooks.ts'
import { lines, middleDot } from '../../../i18n/format.ts'
import { Problem } from '../../../parts/screen/problem.tsx'
import { LoadingState } from '../../../parts/screen/states.tsx'
import { Button } from '../../../ui/button.tsx'
import { Time } from '../../../ui/values.tsx'
import styles from './content-credentials.module.css'

interface ContentCredentialsProps {
  result: RouteInput<'media.credentials'>
}

/** What the content credentials of a file of a folder say; read once the user asks. */
export function ContentCredentials({ result }: ContentCredentialsProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <div className={styles.credentials}>
      <Button size="small" variant="soft" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('library.credentials.title')}
      </Button>
      {open && <Answer result={result} />}
    </div>
  )
}

function Answer({ result }: ContentCredentialsProps) {
  const { t } = useTranslation()
  // The file may be there again when the user opens it the next time.
  const { data, error } = useRoute('media.credentials', result, { gcTime: 0 })
  if (error) return <Problem error={error} />
  if (data === undefined) return <LoadingState />
  if (data?.state === 'stated') return <Stated credentials={data} />
  return (
    <p className={`lines ${styles.note}`} role="status">
      {data === null ? t('library.fileAway') : t(`library.credentials.${data.state}`, lines)}
    </p>
  )
}

function Stated({ credentials: { actions, program, prompt, signer, title } }: { credentials: StatedCredentials }) {
  const { t } = useTranslation()
  const facts = { program, title, signer, prompt }
  return (
    <section className={styles.stated} aria-label={t('library.credentials.title')}>
      <p className={`lines ${styles.note}`}>{t('library.credentials.unverified', lines)}</p>
      <dl className={styles.facts}>
        {(['program', 'title', 'signer', 'prompt'] as const).map(
          (name) =>
            facts[name] !== null && (
              <div key={name}>
                <dt>{t(`library.credentials.fact.${name}`)}</dt>
                <dd>{facts[name]}</dd>
              </div>
            ),
        )}
        {actions.length > 0 && (
          <div>
            <dt>{t('library.credentials.fact.actions')}</dt>
            <dd>
              <ol>
                {actions.map((action, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: actions may repeat
                  <li key={index}>
                    <Action action={action} />
                  </li>
                ))}
              </ol>
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
}

const knownActions = [
  ...(['created', 'opened', 'edited', 'converted', 'placed', 'published'] as const),
  ...(['color_adjustments', 'cropped', 'filtered', 'resized'] as const),
] as const

function Action({ action: { action, at, program, source, statedSource } }: { action: CredentialAction }) {
  const { t } = useTranslation()
  const known = knownActions.find((name) => action === `c2pa.${name}`)
  const name = known ? t(`library.credentials.action.${known}`) : action
  // Of an address that the app has no word for, its last part.
  const origin = source === null ? statedSource?.split('/').at(-1) : t(`library.credentials.source.${source}`)
  return (
    <>
      {[name, origin].filter(Boolean).join(middleDot)}
      {(program !== null || at !== null) && (
        <small className={styles.detail}>
          {program}
          {program !== null && at !== null && middleDot}
          {at !== null && <Time at={at} />}
        </small>
      )}
    </>
  )
}
