import { useHashSearch } from './hash-location.ts'

/** The diary of what was sent to support. */
export const diaryPath = '/support'

/** `/support/new?case=<case>`: the page that puts a message about a case together. */
export const messagePath = (caseName: string): string => `${diaryPath}/new?${new URLSearchParams({ case: caseName })}`

/** The case that the address of a new message names. */
export const useMessageCase = (): string | null => new URLSearchParams(useHashSearch()).get('case')
