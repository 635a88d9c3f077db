import { ArrowUpRight, type LucideIcon } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Agent, LinkKey } from '../../shared/values.ts'
import { useBridge } from '../data/bridge-context.ts'
import { useCommand, useRoute } from '../data/hooks.ts'
import { useAgentFilter } from '../navigation/agent-filter.tsx'
import { type ButtonLook, buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './link.module.css'

interface InternalLinkProps {
  /** A path of the app with its search: `/library?kind=image`. */
  to: string
  /** The agent by which every screen is filtered from then on; as it was where left out. */
  agent?: Agent | 'all'
  button?: ButtonLook
  className?: string
  children: ReactNode
}

/** A link to another screen. */
export function InternalLink({ to, agent, button, className, children }: InternalLinkProps) {
  const [, setAgent] = useAgentFilter()
  return (
    <Link
      href={to}
      className={className ?? (button ? buttonClass(button) : styles.link)}
      onClick={() => agent && setAgent(agent === 'all' ? undefined : agent)}
    >
      {children}
    </Link>
  )
}

/** A link out: a key of the link table, or the chat of a job with the address that its detail states. */
export type LinkTarget = LinkKey | { chat: { agent: Agent; jobId: string }; url: string }

interface ExternalLinkProps {
  to: LinkTarget
  /** Looks like a button; a text link where left out. */
  button?: ButtonLook
  /** Stands before the word. */
  icon?: LucideIcon
  className?: string
  children: ReactNode
}

/**
 * A link that leaves the app. In the browser host it is an ordinary link; in Electron the main process opens it,
 * and is told the key, never an address.
 */
export function ExternalLink({ to, button, icon, className, children }: ExternalLinkProps) {
  const { t, i18n } = useTranslation()
  const bridge = useBridge()
  const open = useCommand('links.open')
  const language = i18n.language === 'ko' ? 'ko' : 'en'
  const { data: links } = useRoute('links.get', { language })
  const address = typeof to === 'object' ? to.url : links?.[to]
  const openOutside = (event: MouseEvent) => {
    if (bridge.host === 'browser') return
    event.preventDefault()
    open.mutate(typeof to === 'object' ? { chat: to.chat } : { key: to, language })
  }
  return (
    <Tooltip content={address}>
      <a
        href={address}
        target={address?.startsWith('mailto:') ? undefined : '_blank'}
        rel="noopener noreferrer"
        className={className ?? (button ? buttonClass(button) : styles.link)}
        onClick={openOutside}
        onAuxClick={openOutside}
      >
        {icon && <Icon icon={icon} />}
        {children}
        <Icon icon={ArrowUpRight} size={14} />
        <span className="sr-only">{t('common.opensOutside')}</span>
      </a>
    </Tooltip>
  )
}
