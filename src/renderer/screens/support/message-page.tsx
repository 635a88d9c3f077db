import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '../../../shared/values.ts'
import type { SupportDraft } from '../../../shared/views.ts'
import { useRoute } from '../../data/hooks.ts'
import { accountField } from '../../data/records.ts'
import { useSettings } from '../../data/settings.ts'
import { lines } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { type CaseRef, casePath } from '../../navigation/paths.ts'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { SectionHeading } from '../../ui/section-heading.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { CaseChoice } from './case-choice.tsx'
import { MessageActions } from './message-actions.tsx'
import styles from './support.module.css'

/** Composes a message about a case and shows the exact text that would be sent. */
export function MessagePage({ about }: { about: CaseRef }) {
  const { t } = useTranslation()
  const { timeZone } = useFormat()
  const [settings] = useSettings()
  const [cases, setCases] = useState([about.case])
  const [chosenLanguage, setLanguage] = useState<Language>()
  const [prompts, setPrompts] = useState(false)
  const [results, setResults] = useState(false)
  const language = chosenLanguage ?? settings?.language ?? 'ko'
  const draft = useRoute('support.draft', { ...accountField(about), cases, language, timeZone, prompts, results })
  useReady(!draft.isPending)
  return (
    <Screen title={t('support.new.title')} parent={{ to: casePath(about), title: t('nav.refunds') }}>
      <Sheet>
        <div className={styles.page}>
          <section>
            <SectionHeading>{t('support.new.cases')}</SectionHeading>
            <CaseChoice fixed={about} chosen={cases} onChange={setCases} />
          </section>
          <section>
            <SectionHeading>{t('support.new.content')}</SectionHeading>
            <div className={styles.choices}>
              <Segmented
                label={t('support.new.language')}
                value={language}
                onChange={setLanguage}
                options={[
                  { value: 'ko', label: '한국어' },
                  { value: 'en', label: 'English' },
                  { value: 'both', label: t('settings.languageBoth') },
                ]}
              />
              <div>
                <Checkbox checked={prompts} onChange={setPrompts}>
                  {t('support.new.prompts')}
                </Checkbox>
                <Checkbox checked={results} onChange={setResults}>
                  {t('support.new.results')}
                </Checkbox>
                <p className={`lines ${styles.hint}`}>{t('support.new.unticked', lines)}</p>
              </div>
            </div>
          </section>
          {draft.error && (
            <ErrorState title={t('support.new.failed')} error={draft.error} onRetry={() => draft.refetch()} />
          )}
          {draft.data && !draft.error && (
            <>
              <MessageText message={draft.data} busy={draft.isPlaceholderData} />
              <MessageActions message={{ ...draft.data, cases }} disabled={draft.isPlaceholderData} />
            </>
          )}
        </div>
      </Sheet>
    </Screen>
  )
}

/** The exact text of a message. `busy` while it is being composed again. */
function MessageText({ message, busy }: { message: SupportDraft; busy: boolean }) {
  const { t } = useTranslation()
  const title = useId()
  return (
    <section className={styles.message} aria-labelledby={title} aria-busy={busy}>
      <h2 id={title}>{t('support.new.preview')}</h2>
      <p className={styles.subject}>{message.subject}</p>
      <p className={styles.text}>{message.text}</p>
    </section>
  )
}
