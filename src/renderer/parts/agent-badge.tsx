import { useTranslation } from 'react-i18next'
import type { Agent } from '../../shared/values.ts'
import styles from './agent-badge.module.css'

interface AgentBadgeProps {
  agent: Agent
  /** `quiet` in tables, `onPicture` over a thumbnail. */
  look?: 'default' | 'quiet' | 'onPicture'
}

export function AgentBadge({ agent, look = 'default' }: AgentBadgeProps) {
  const { t } = useTranslation()
  return (
    <span className={`${styles.badge} ${agent === 'agent-1' ? styles.outlined : styles.filled} ${styles[look] ?? ''}`}>
      <span className="sr-only">{t(`agent.${agent}`)}</span>
      <span aria-hidden>{agent === 'agent-1' ? '1.0' : '2.0'}</span>
    </span>
  )
}
