import { ClipboardPaste, FileUp } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { lines } from '../../i18n/format.ts'
import { foldersPath } from '../../navigation/paths.ts'
import { ExternalLink, InternalLink } from '../../parts/screen/links.tsx'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Meter } from '../../ui/meter.tsx'
import { type Given, givenFile, givenText } from './given.ts'
import styles from './take-in.module.css'
import type { Upload } from './use-given.ts'

const fileTypes = '.csv,.tsv,.txt,.xlsx,.html,.htm,.json,.jsonl,.mhtml,.webarchive,.zip'

interface TakeInProps {
  /** The source that is on its way to the core, or that could not be sent. */
  upload: Upload | null
  isOver: boolean
  onGive: (given: Given) => void
}

/** Asks for the usage history: a field to paste into, a place to drop a file, and where Carat shows it. */
export function TakeIn({ upload, isOver, onGive }: TakeInProps) {
  const { t } = useTranslation()
  useReady(true)
  return (
    <Screen title={t('history.bring')}>
      <Sheet>
        <div className={styles.page}>
          <div>
            <h2 className={`lines ${styles.title}`}>{t('history.take.title', lines)}</h2>
            <p className={`lines ${styles.lead}`}>{t('history.take.lead', lines)}</p>
          </div>
          <Area isOver={isOver} onGive={onGive} />
          {upload && !upload.error && <Sending upload={upload} />}
          {upload?.error && <ErrorState title={t('history.take.failed')} error={upload.error} />}
          <FolderWay />
          <WhereItIs />
        </div>
      </Sheet>
    </Screen>
  )
}

function Area({ isOver, onGive }: Pick<TakeInProps, 'isOver' | 'onGive'>) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const file = useRef<HTMLInputElement>(null)
  const id = useId()
  const choose = (chosen: File | undefined) => chosen && onGive(givenFile(chosen))
  return (
    <div className={styles.area} data-over={isOver || undefined}>
      <label htmlFor={id} className={styles.label}>
        <Icon icon={ClipboardPaste} size={18} />
        {t(isOver ? 'history.take.drop' : 'history.take.field')}
      </label>
      {/* A real field: it has the system's own menu with Paste, and assistive technology can reach it. */}
      <textarea
        id={id}
        value={text}
        rows={5}
        spellCheck={false}
        placeholder={t('history.take.example', { postProcess: 'unbrokenDots' })}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={styles.foot}>
        <input
          ref={file}
          type="file"
          accept={fileTypes}
          hidden
          onChange={(event) => {
            choose(event.target.files?.[0])
            // The same file can be chosen again.
            event.target.value = ''
          }}
        />
        {text.trim() !== '' && (
          <Button variant="primary" onClick={() => onGive(givenText(t('history.pasted'), text))}>
            {t('history.take.read')}
          </Button>
        )}
        <Button icon={FileUp} onClick={() => file.current?.click()}>
          {t('history.take.open')}
        </Button>
        <span className={styles.formats}>{t('history.take.formats')}</span>
      </div>
    </div>
  )
}

/** A large source takes a moment to arrive. */
function Sending({ upload }: { upload: Upload }) {
  const { t } = useTranslation()
  return (
    <div className={styles.sending} role="status">
      {t('history.take.sending', { name: upload.name })}
      <span className={styles.meter}>
        <Meter label={t('history.take.sending', { name: upload.name })} share={upload.sent} />
      </span>
    </div>
  )
}

/** The second way in: results that the user saved. */
function FolderWay() {
  const { t } = useTranslation()
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{t('folders.title')}</h3>
      <p className={`lines ${styles.how}`}>{t('folders.lead', lines)}</p>
      <div className={styles.links}>
        <InternalLink to={foldersPath} button={{}}>
          {t('folders.bring')}
        </InternalLink>
      </div>
    </section>
  )
}

function WhereItIs() {
  const { t } = useTranslation()
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{t('history.where.title')}</h3>
      <dl className={styles.paths}>
        <dt>{t('history.where.web')}</dt>
        <dd>{t('history.where.webPath')}</dd>
        <dt>{t('history.where.app')}</dt>
        <dd>{t('history.where.appPath')}</dd>
      </dl>
      <p className={`lines ${styles.how}`}>{t('history.where.how', lines)}</p>
      <div className={styles.links}>
        <ExternalLink to="credits">{t('history.where.open')}</ExternalLink>
        <ExternalLink to="helpHistory">{t('history.where.help')}</ExternalLink>
      </div>
    </section>
  )
}
