import type { LucideIcon } from 'lucide-react'

interface IconProps {
  icon: LucideIcon
  /** 14 in pills and buttons, 16 in text and navigation, 18 in rows, 24 in verdicts. */
  size?: 14 | 16 | 18 | 20 | 24
  className?: string
}

/** A decorative icon, hidden from screen readers: the text beside it or the name of its control has the meaning. */
export function Icon({ icon: Glyph, size = 16, className }: IconProps) {
  return <Glyph size={size} strokeWidth={size === 14 ? 2 : 1.75} className={className} aria-hidden focusable={false} />
}
