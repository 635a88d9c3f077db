import {
  AudioLines,
  CalendarX,
  Captions,
  CirclePlus,
  Code,
  FileSearch,
  Film,
  Gift,
  Globe,
  Image,
  type LucideIcon,
  MessageSquare,
  ReceiptText,
  SlidersHorizontal,
  Sparkles,
  Undo2,
} from 'lucide-react'
import type { Feature, TransactionKind } from '../../../shared/values.ts'
import type { LedgerItem } from '../../../shared/views.ts'
import { accountField } from '../../data/records.ts'
import { Thumbnail } from '../../parts/jobs/thumbnail.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './transaction-picture.module.css'

const featureIcons: Record<Feature, LucideIcon> = {
  image: Image,
  video: Film,
  audio: AudioLines,
  subtitle: Captions,
  chat: MessageSquare,
  web_search: Globe,
  file_analysis: FileSearch,
  code: Code,
  other: Sparkles,
}
const kindIcons: Record<TransactionKind, LucideIcon> = {
  charge: ReceiptText,
  refund: Undo2,
  grant: Gift,
  top_up: CirclePlus,
  expiry: CalendarX,
  adjustment: SlidersHorizontal,
}

/** The thumbnail of a charge's job, else an icon of its feature or kind. */
export function TransactionPicture({ item: { account, kind, feature, thumbnail } }: { item: LedgerItem }) {
  if (kind === 'charge' && thumbnail)
    return <Thumbnail media={{ ...accountField({ account }), ...thumbnail }} alt="" className={styles.picture} />
  const ofFeature = kind === 'charge' ? featureIcons[feature as Feature] : undefined
  return (
    <span className={styles.picture} data-kind={kind}>
      <Icon icon={ofFeature ?? kindIcons[kind as TransactionKind] ?? ReceiptText} />
    </span>
  )
}
