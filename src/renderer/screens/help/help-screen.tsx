import type { ComponentType } from 'react'
import type { HelpPath } from '../../navigation/help-path.ts'
import { usePathIds } from '../../navigation/paths.ts'
import { NotFoundScreen } from '../../parts/screen/not-found-screen.tsx'
import { HelpIndex } from './help-index.tsx'
import { MissingPage } from './missing-page.tsx'
import { NoResultPage } from './no-result-page.tsx'
import { UnwantedPage } from './unwanted-page.tsx'

const pages: Record<HelpPath, ComponentType> = {
  'no-result': NoResultPage,
  unwanted: UnwantedPage,
  missing: MissingPage,
}

export function HelpScreen() {
  const [name] = usePathIds()
  if (name === undefined) return <HelpIndex />
  const Page = Object.hasOwn(pages, name) ? pages[name as HelpPath] : NotFoundScreen
  return <Page />
}
