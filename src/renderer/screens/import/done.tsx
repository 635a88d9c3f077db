import { CircleCheck, Undo2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportBatch } from '../../../shared/import-views.ts'
import { useCommand } from '../../data/hooks.ts'
import { lines, middleDot } from '../../i18n/format.ts'
import { useFormat } from '../../i18n/use-format.tsx'
import { refundsPath } from '../../navigation/paths.ts'
import { InternalLink } from '../../parts/screen/links.tsx'
import { Screen, Sheet, useReady } from '../../parts/screen/screen.tsx'
import { ErrorState } from '../../parts/screen/states.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './done.module.css'
import texts from './summary.module.css'

interface DoneProps {
  batch: ImportBatch
  /** Called with the import after it was undone or redone. */
  onChange: (batch: ImportBatch) => void
  /** Lets the user give another source. */
  onMore?: () => void
}

/** The result of an import, with links to Refunds and Overview and a button that undoes it. */
export function Done({ batch, onChange, onMore }: DoneProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const undo = useCommand('imports.undo')
  const redo = useCommand('imports.redo')
  useReady(true)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const isUndone = batch.undoneAt !== null
  const command = isUndone ? redo : undo
  const facts = [
    batch.source,
    batch.covers && format.range(batch.covers.from, batch.covers.to - 1),
    batch.rows > batch.imported && t('history.known', { count: batch.rows - batch.imported }),
    batch.refused > 0 && t('history.refused', { count: batch.refused }),
  ].filter(Boolean)
  return (
    <Screen title={t('history.bring')}>
      <Sheet>
        <div className={styles.done}>
          <Icon icon={isUndone ? Undo2 : CircleCheck} size={24} className={isUndone ? '' : styles.check} />
          <div>
            <h2 ref={title} tabIndex={-1} className={`lines ${texts.title}`} aria-live="polite">
              {isUndone ? t('history.undone', lines) : t('history.added', { count: batch.imported, ...lines })}
            </h2>
            <p className={texts.facts}>{facts.join(middleDot)}</p>
            {!isUndone && (
              <p className={`lines ${texts.facts}`}>
                {t(batch.showsRefunds ? 'history.answer' : 'history.answerWithoutRefunds', lines)}
              </p>
            )}
            <div className={styles.actions}>
              {!isUndone && (
                <>
                  <InternalLink to={refundsPath({ tab: 'all' })} button={{ variant: 'primary', size: 'large' }}>
                    {t('history.seeRefunds')}
                  </InternalLink>
                  <InternalLink to="/overview" button={{ size: 'large' }}>
                    {t('nav.overview')}
                  </InternalLink>
                </>
              )}
              <Button
                size="large"
                disabled={command.isPending}
                onClick={() => command.mutate({ batch: batch.batch }, { onSuccess: onChange })}
              >
                {t(isUndone ? 'history.redo' : 'common.undo')}
              </Button>
              {onMore && (
                <Button size="large" variant="plain" onClick={onMore}>
                  {t('history.more')}
                </Button>
              )}
            </div>
            {command.error && <ErrorState error={command.error} />}
          </div>
        </div>
      </Sheet>
    </Screen>
  )
}
