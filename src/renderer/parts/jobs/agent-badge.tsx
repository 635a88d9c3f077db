import type { Agent } from '../../../shared/values.ts'
import { useLabels } from '../../i18n/use-texts.ts'
import styles from './agent-badge.module.css'

interface AgentBadgeProps {
  agent: Agent
  /** `quiet` in tables, `onPicture` over a thumbnail. */
  look?: 'default' | 'quiet' | 'onPicture'
}

export function AgentBadge({ agent, look = 'default' }: AgentBadgeProps) {
  const labels = useLabels()
  return (
    <span
      role="img"
      aria-label={labels.agent(agent)}
      className={`${styles.badge} ${agent === 'agent-1' ? styles.outlined : styles.filled} ${styles[look] ?? ''}`}
    >
      {agent === 'agent-1' ? '1.0' : '2.0'}
    </span>
  )
}
