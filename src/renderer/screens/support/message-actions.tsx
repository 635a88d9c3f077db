import { Copy, Mail } from 'lucide-react'
import { type MouseEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppError } from '../../../shared/errors.ts'
import type { SupportCase } from '../../../shared/views.ts'
import { useBridge, useCommand, useRoute } from '../../data/hooks.ts'
import { accountField } from '../../data/records.ts'
import { lines } from '../../i18n/format.ts'
import { useErrorText } from '../../i18n/use-texts.ts'
import type { CaseRef } from '../../navigation/paths.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useToast } from '../../ui/toast.tsx'
import styles from './support.module.css'

type Message = Pick<SupportCase, 'cases' | 'subject' | 'text'> & Pick<CaseRef, 'account'>

interface MessageActionsProps {
  message: Message
  /** The diary entry, if the message is already in the diary. */
  entry?: SupportCase
  /** Disables sending while the message is being composed again. */
  disabled?: boolean
}

/** Copies a message or opens it in the mail program. Both store it in the diary. */
export function MessageActions({ message, entry, disabled = false }: MessageActionsProps) {
  const { t } = useTranslation()
  const toast = useToast()
  const errorText = useErrorText()
  const bridge = useBridge()
  const save = useCommand('support.save')
  const update = useCommand('support.update')
  const open = useCommand('links.open')
  const kept = useRef(entry)
  const [problem, setProblem] = useState<string | null>(null)
  const { subject, text, cases } = message
  const { data: mail } = useRoute('support.mail', { subject, text }, { placeholderData: undefined })
  const ready = mail !== undefined && !disabled

  const copyText = () => navigator.clipboard.writeText(`${subject}\n\n${text}`)
  const keep = async () => {
    if (kept.current?.subject !== subject || kept.current.text !== text) {
      kept.current = await save.mutateAsync({ ...accountField(message), cases, subject, text })
    }
    return kept.current.id
  }
  const run = async (steps: () => Promise<void>) => {
    setProblem(null)
    try {
      await steps()
    } catch (error) {
      setProblem(error instanceof AppError ? errorText(error) : t('common.copyFailed', lines))
    }
  }
  const copy = () =>
    run(async () => {
      await copyText()
      await keep()
      toast(t('support.new.copied'))
    })
  const openMail = (event: MouseEvent) => {
    if (!ready || bridge.host !== 'browser') event.preventDefault()
    if (!ready) return
    run(async () => {
      if (!mail.complete) await copyText()
      const id = await keep()
      if (bridge.host !== 'browser') await open.mutateAsync({ support: id })
      await update.mutateAsync({ id, state: 'sent' })
      toast(t('support.new.mailed'))
    })
  }
  return (
    <div>
      {mail?.complete === false && <p className={`lines ${styles.hint}`}>{t('support.new.long', lines)}</p>}
      <div className={styles.actions}>
        <Button size="large" icon={Copy} disabled={disabled} onClick={copy}>
          {t('support.new.copy')}
        </Button>
        <a
          href={ready ? mail.url : undefined}
          className={buttonClass({ variant: 'primary', size: 'large' })}
          onClick={openMail}
        >
          <Icon icon={Mail} size={14} />
          {t('support.new.mail')}
        </a>
      </div>
      {problem && (
        <p className={`lines ${styles.problem}`} role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
