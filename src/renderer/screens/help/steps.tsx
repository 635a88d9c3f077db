import { Check } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/use-format.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './steps.module.css'

export interface Step {
  id: string
  title: ReactNode
  /** What a step that is done has shown, in one line. */
  finding?: ReactNode
  /** Goes back to change a step that is done. */
  action?: ReactNode
  body?: ReactNode
  /** Set where the path ends here: what kind of answer it is. */
  answer?: string
}

interface StepsProps {
  steps: Step[]
  current: string
}

/** The steps of a path from top to bottom: what was found, what is asked now, and what may still come. */
export function Steps({ steps, current }: StepsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const heading = useRef<HTMLHeadingElement>(null)
  const position = steps.findIndex(({ id }) => id === current)
  const asked = `${current} ${steps[position]?.answer ?? ''}`
  const focused = useRef(asked)
  useEffect(() => {
    if (focused.current === asked) return
    focused.current = asked
    heading.current?.focus()
  }, [asked])

  return (
    <ol className={styles.steps}>
      {steps.map(({ id, title, finding, action, body, answer }, index) => {
        const state = index < position ? 'done' : index === position ? 'now' : 'todo'
        return (
          <li
            key={id}
            className={styles.step}
            data-state={state}
            data-answer={state === 'now' ? answer : undefined}
            aria-current={state === 'now' ? 'step' : undefined}
          >
            <span className={`num ${styles.disc}`} aria-hidden>
              {state === 'done' ? <Icon icon={Check} size={14} /> : format.number(index + 1)}
            </span>
            <div className={styles.content}>
              <div className={styles.head}>
                <h3
                  ref={state === 'now' ? heading : undefined}
                  tabIndex={state === 'now' ? -1 : undefined}
                  className="lines"
                >
                  {title}
                  {state === 'done' && <span className="sr-only"> {t('help.step.done')}</span>}
                </h3>
                {state === 'done' && action}
              </div>
              {state === 'done' && finding && <p className={`lines ${styles.finding}`}>{finding}</p>}
              {state === 'now' && <div className={styles.body}>{body}</div>}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
