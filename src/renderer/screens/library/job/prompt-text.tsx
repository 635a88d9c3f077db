import { Copy } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCopy } from '../../../parts/screen/use-copy.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import styles from './prompt-text.module.css'

/** A prompt, three lines of it until the user asks for more. */
export function PromptText({ prompt }: { prompt: string }) {
  const { t } = useTranslation()
  const copy = useCopy()
  const text = useRef<HTMLParagraphElement>(null)
  const [open, setOpen] = useState(false)
  const [isLong, setIsLong] = useState(false)

  useLayoutEffect(() => {
    const element = text.current
    if (!element || open) return
    const observer = new ResizeObserver(() => setIsLong(element.scrollHeight > element.clientHeight + 1))
    observer.observe(element)
    return () => observer.disconnect()
  }, [open])

  if (prompt === '') return <p className={styles.none}>{t('library.noPrompt')}</p>
  return (
    <section className={styles.prompt} aria-label={t('library.prompt')}>
      <p ref={text} className={`${styles.text} ${open ? '' : styles.short}`}>
        {prompt}
      </p>
      <IconButton
        icon={Copy}
        label={t('common.copy')}
        size="small"
        className={styles.copy}
        onClick={() => copy(prompt)}
      />
      {isLong && (
        <Button variant="soft" size="small" className={styles.more} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'common.less' : 'common.more')}
        </Button>
      )}
    </section>
  )
}
