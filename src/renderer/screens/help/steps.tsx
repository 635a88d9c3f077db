import { Check } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/use-format.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './steps.module.css'

export interface StepView {
  title: ReactNode
  /** The result of a finished step, in a line. */
  finding?: ReactNode
  /** A link that changes the answer of a finished step. */
  action?: ReactNode
  body?: ReactNode
}

interface StepsProps {
  steps: (StepView & { id: string })[]
  current: string
  /** The kind of answer of the current step; undefined while the user still has to decide. */
  answer: string | undefined
}

/** The steps of a path from top to bottom: finished, current and future. */
export function Steps({ steps, current, answer }: StepsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const heading = useRef<HTMLHeadingElement>(null)
  const position = steps.findIndex(({ id }) => id === current)
  const asked = `${current} ${answer ?? ''}`
  const focused = useRef(asked)
  useEffect(() => {
    if (focused.current === asked) return
    focused.current = asked
    heading.current?.focus()
  }, [asked])

  return (
    <ol>
      {steps.map(({ id, title, finding, action, body }, index) => {
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
            <div>
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
