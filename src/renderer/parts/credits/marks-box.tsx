import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseDetail } from '../../../shared/views.ts'
import { useSetMarks } from '../../data/records.ts'
import { helpPath } from '../../navigation/help-path.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { useToast } from '../../ui/toast.tsx'
import { InternalLink } from '../screen/links.tsx'
import { Problem } from '../screen/problem.tsx'
import styles from './marks-box.module.css'

/** Edits the user's marks of a case. They are stored only on this computer; no sync changes them. */
export function MarksBox({ item }: { item: CaseDetail }) {
  const { t } = useTranslation()
  const toast = useToast()
  const noteId = useId()
  const { marks, agent, jobId, outcome } = item
  const { setMarks, error } = useSetMarks(item)
  const job = outcome !== 'no_job' && agent && jobId !== null ? { agent, jobId } : null
  const saved = marks.note ?? ''
  const [written, setWritten] = useState<string>()
  const note = written ?? saved
  const save = async () => {
    if (!(await setMarks({ note: note.trim() || null }))) return
    setWritten(undefined)
    toast(t('marks.noteSaved'), () => setMarks({ note: saved || null }))
  }
  return (
    <section className={styles.marks} aria-label={t('marks.title')}>
      {job && (
        <Checkbox checked={marks.unwanted} onChange={(unwanted) => setMarks({ unwanted })}>
          {t('marks.unwanted')}
        </Checkbox>
      )}
      {job && marks.unwanted && (
        <InternalLink to={helpPath('unwanted', { result: job })} account={item.account}>
          {t('marks.unwantedHelp')}
        </InternalLink>
      )}
      <label className={styles.label} htmlFor={noteId}>
        {t('marks.note')}
      </label>
      <textarea
        id={noteId}
        className={styles.note}
        value={note}
        maxLength={10_000}
        onChange={(event) => setWritten(event.target.value)}
      />
      {note !== saved && (
        <Button size="small" onClick={save}>
          {t('marks.saveNote')}
        </Button>
      )}
      <Problem error={error} />
    </section>
  )
}
