import { axeViolations } from '../support/app-page.ts'
import { expect, test } from '../support/library-page.ts'

const always = Number.POSITIVE_INFINITY
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const srt =
  '1\r\n00:00:01,000 --> 00:00:02,000\r\n\xb0\xed\xbe\xe7\xc0\xcc\r\n\r\n2\r\n00:01:05,000 --> 00:01:06,000\r\n\xb9\xd9\xb4\xd9\r\n'

test('shows the text of subtitles in an old Korean encoding', async ({ page, library }) => {
  const { service } = library
  service.fault('/words', { status: 200, headers: { 'content-type': 'text/plain' }, body: latin1(srt) }, always)
  const results = [{ id: 'words', mimeType: 'application/x-subrip', url: `${service.url}/words` }]
  library.add({ id: 'subtitles', minutesAgo: 5, kind: 'subtitle', results })
  await library.open('/library/agent-1/subtitles')
  const text = library.panel.getByRole('region', { name: '자막 내용' })
  await expect(text.getByRole('listitem')).toHaveText(['0:01고양이', '1:05바다'])
  expect((await axeViolations(page, 'aside')).map(({ id }) => id)).toEqual([])
})

test('says that a file of another type than declared cannot be shown, and keeps it', async ({ library }) => {
  const { service } = library
  const sound = Buffer.alloc(96_000, latin1('\x01\x00\xfe\xff'))
  service.fault('/speech', { status: 200, headers: { 'content-type': 'audio/wav' }, body: sound }, always)
  const results = [{ id: 'speech', mimeType: 'audio/wav', url: `${service.url}/speech` }]
  library.add({ id: 'spoken', minutesAgo: 5, kind: 'audio', results })
  await library.open('/library/agent-1/spoken')
  const { panel } = library
  await expect(panel.getByText('받은 파일은 여기서 보여 줄 수 없는 형식이에요. 원본은 보관할 수 있어요.')).toBeVisible()
  await panel.getByRole('button', { name: '원본 보관' }).click()
  await expect(panel.getByText(/^이 컴퓨터에 보관됨/)).toBeVisible()
})

test('says that a declared type cannot be shown here, and keeps it', async ({ library }) => {
  const { service } = library
  const film = latin1(`\0\0\0\x14ftypqt  \0\0\0\0qt  ${'\0'.repeat(100)}`)
  service.fault('/film', { status: 200, headers: { 'content-type': 'video/quicktime' }, body: film }, always)
  const results = [{ id: 'film', mimeType: 'video/quicktime', url: `${service.url}/film` }]
  library.add({ id: 'film', minutesAgo: 5, kind: 'video', results })
  await library.open('/library/agent-1/film', 'en')
  const { panel } = library
  await expect(panel.getByText('This type of file cannot be shown here (video/quicktime)')).toBeVisible()
  await panel.getByRole('button', { name: 'Keep original' }).click()
  await expect(panel.getByText(/^Kept here/)).toBeVisible()
})
