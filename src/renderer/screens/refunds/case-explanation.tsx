import { answerOf } from '../../../shared/refund-answers.ts'
import type { CaseDetail } from '../../../shared/views.ts'
import { MarksBox } from '../../parts/credits/marks-box.tsx'
import { PolicyNote } from '../../parts/credits/policy-note.tsx'
import styles from './case-explanation.module.css'
import { CaseJob } from './case-job.tsx'
import { DismissedLine } from './dismissed-line.tsx'
import { EvidenceBox } from './evidence-box.tsx'
import { Matches } from './matches.tsx'
import { PossibleLinks } from './possible-links.tsx'
import { StepLine } from './step-line.tsx'
import { VerdictHeader } from './verdict-header.tsx'
import { WaitTrack } from './wait-track.tsx'

/** The verdict of a case, its evidence and the next step. */
export function CaseExplanation({ item }: { item: CaseDetail }) {
  return (
    <div className={styles.explanation}>
      <VerdictHeader item={item} />
      <CaseJob item={item} />
      <PossibleLinks item={item} />
      <Matches item={item} />
      {item.deadlineAt !== null && <WaitTrack item={item} deadlineAt={item.deadlineAt} />}
      <EvidenceBox item={item} />
      {answerOf(item).needsJudgement && <PolicyNote />}
      <StepLine item={item} />
      <DismissedLine item={item} />
      <MarksBox item={item} />
    </div>
  )
}
