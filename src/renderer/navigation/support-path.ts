import { useHashSearch } from './hash-location.ts'

/** The diary of messages to support. */
export const diaryPath = '/support'

/** `/support/new?case=<case>`: the page that composes a message about a case. */
export const messagePath = (caseName: string): string => `${diaryPath}/new?${new URLSearchParams({ case: caseName })}`

/** The case name in the address of a new message. */
export const useMessageCase = (): string | null => new URLSearchParams(useHashSearch()).get('case')
