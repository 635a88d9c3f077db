import { caseKey } from '../../data/records.ts'
import { useMessageCase, usePathIds } from '../../navigation/paths.ts'
import { NotFoundScreen } from '../../parts/screen/not-found-screen.tsx'
import { DiaryPage } from './diary-page.tsx'
import { MessagePage } from './message-page.tsx'

/** The diary of messages to support, or a new message about a case. */
export function SupportScreen() {
  const [page] = usePathIds()
  const about = useMessageCase()
  if (page === undefined) return <DiaryPage />
  return page === 'new' && about ? <MessagePage key={caseKey(about)} about={about} /> : <NotFoundScreen />
}
