import { expect, it } from 'vitest'
import { changedParts, recalled, withReasons } from '../../src/core/domain/import/remembered.ts'
import { signatureOf } from '../../src/core/domain/import/signature.ts'
import { guessReading, understand } from '../../src/core/domain/import/understand.ts'
import { importNow, kstText, statement, tableOf, understandText } from '../support/import-tables.ts'

const openRouter = `generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,byok_usage_inference,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,model_permaslug,provider_name,variant,cancelled,streamed,user,finish_reason_raw,finish_reason_normalized,generation_time_ms,time_to_first_token_ms,api_key_disabled,api_key_name,app_name
gen-1782618417-aaaBBB,2026-01-28 03:46:57.713,12,0,-4,0,0,10389,137,0,0,vendor/model-a,ProvA,free,true,true,,stop,stop,2940,310,false,"키, 집",앱
gen-1782618499-cccDDD,2026-01-28 03:48:19.2,0.25,0,0,0,0,65,116,0,0,vendor/model-b,ProvB,,false,true,,,error,1016,,false,k1,
`

it('reads an export of OpenRouter: the total alone, in UTC, with its ids', async () => {
  const { rows, refused, reading, guesses } = await understandText(openRouter)
  expect(
    rows.map(({ occurredAt, amount, kind, ids, model }) => [
      new Date(occurredAt).toISOString(),
      amount,
      kind,
      ids,
      model,
    ]),
  ).toEqual([['2026-01-28T03:46:57.713Z', -12, 'charge', { transactionId: 'gen-1782618417-aaaBBB' }, 'vendor/model-a']])
  expect(refused.map(({ row, reason }) => [row, reason.code])).toEqual([[3, 'fractional_amount']])
  expect(reading).toMatchObject({ zone: 'UTC', signRule: 'charges_positive' })
  expect(guesses.find(({ about }) => about === 'zone')?.because.code).toBe('service_writes_utc')
  expect(
    guesses.filter(({ because }) => because.code === 'part_of_total').map(({ because }) => because.params.heading),
  ).toEqual(['cost_web_search', 'cost_cache', 'cost_file_processing', 'byok_usage_inference'])
})

const waveSpeed = (price: number, more: object, day: string) => ({
  uuid: `id-${day}`,
  billing_type: 'deduct',
  price,
  created_at: `2026-01-${day}T09:18:42.663Z`,
  ...more,
})

it('reads both exports of WaveSpeed, in which a deduction has opposite signs', async () => {
  const exported = [
    waveSpeed(-25, { prediction: { uuid: 'a1', model_uuid: 'vendor/m', status: 'completed' } }, '02'),
    waveSpeed(40, {}, '01'),
  ]
  const withMinus = await understandText(JSON.stringify([exported[0]]))
  expect(withMinus.rows).toMatchObject([{ amount: -25, kind: 'charge', ids: { transactionId: 'id-02', jobId: 'a1' } }])
  expect(withMinus.reading.signRule).toBe('as_written')
  const checked = await understandText(
    JSON.stringify([exported[1], waveSpeed(4, { order: { uuid: 'ca', state: 'pre', price: 4 } }, '03')]),
  )
  expect(checked.rows).toMatchObject([{ amount: -40, kind: 'charge' }])
  expect(checked.reading.signRule).toBe('by_word')
  expect(checked.refused.map(({ reason }) => reason.code)).toEqual(['hold'])
})

it('takes costs for positive where refunds are negative', async () => {
  const { rows, guesses } = await understandText(
    'Date,Type,Cost\n2026-01-03,Usage,33\n2026-01-02,Refund,-33\n2026-01-01,Usage,50\n',
  )
  expect(rows.map(({ amount, kind }) => [amount, kind])).toEqual([
    [-33, 'charge'],
    [33, 'refund'],
    [-50, 'charge'],
  ])
  expect(guesses.find(({ about }) => about === 'sign_rule')).toMatchObject({
    as: 'charges_positive',
    because: { code: 'words_disagree_with_signs' },
  })
})

it('knows the balance by what adds up, whatever its heading says', async () => {
  const lines = [
    '날짜,포인트,금액',
    ...Array.from(
      { length: 8 },
      (_, index) => `2026-01-${20 - index} 10:00,${1000 + index * 33},${index === 3 ? -33 : -33}`,
    ),
  ]
  const { reading, order, guesses } = await understandText(lines.join('\n'))
  expect(reading.columns).toEqual(['time', 'balance', 'amount'])
  expect(guesses.find(({ column }) => column === 1)?.because.code).toBe('balance_adds_up')
  expect(order).toEqual({ direction: 'newest_first', provedBy: 'balance' })
})

it('proves the direction of equal times by the balance, and keeps the order of the table', async () => {
  const rows = [967, 1000, 934, 901, 934].map(
    (balance, index) => `2026-01-28,이미지,${[-33, 66, -33, -33, 33][index]},${balance}`,
  )
  const { order, rows: read } = await understandText(`날짜,내용,크레딧,잔액\n${rows.join('\n')}`)
  expect(order?.provedBy).toBe('balance')
  expect(read.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6])
})

it('reads used and received credits from columns of their own', async () => {
  const { rows, refused, reading } = await understandText(
    '일자,시간,적요,사용,지급,잔액\n2026-01-03,10:00,이미지,33,,967\n2026-01-02,09:00,구독 지급,0,"1,000",1000\n2026-01-01,08:00,이상,1,1,0\n',
  )
  expect(reading.columns).toEqual(['day', 'clock', 'text', 'charged', 'credited', 'balance'])
  expect(rows.map(({ occurredAt, amount, kind }) => [kstText(occurredAt), amount, kind])).toEqual([
    ['2026-01-03 10:00:00', -33, 'charge'],
    ['2026-01-02 09:00:00', 1000, 'grant'],
  ])
  expect(refused.map(({ reason }) => reason.code)).toEqual(['two_amounts'])
})

it.each([
  ['a value above twelve', ['01/02/2026', '28/01/2026', '03/01/2026'], 'day_first', 'value_above_twelve'],
  [
    'the direction of the times',
    ['03/02/2026', '02/02/2026', '12/01/2026', '11/01/2026'],
    'day_first',
    'times_run_in_order',
  ],
  ['dots', ['01.03.2026', '02.03.2026'], 'day_first', 'dots_are_day_first'],
  ['the usual order', ['01/02/2026', '01/02/2026'], 'month_first', 'usual_order'],
])('decides the order of day and month by %s', async (_, dates, order, reason) => {
  const { reading, guesses } = await understandText(
    `Date,Text,Credits\n${dates.map((date) => `${date},image,-33`).join('\n')}\n`,
  )
  expect(reading.dateOrder).toBe(order)
  expect(guesses.find(({ about }) => about === 'date_order')?.because.code).toBe(reason)
})

it('refuses a date that contradicts the order of its column', async () => {
  const { rows, refused } = await understandText(
    'Date,Text,Credits\n28/01/2026,image,-33\n27/01/2026,image,-33\n01/28/2026,image,-33\n',
  )
  expect([rows.length, refused.map(({ row, reason }) => [row, reason.code])]).toEqual([2, [[4, 'unreadable_time']]])
})

it('keeps equal rows and counts them', async () => {
  const { rows, equalRows } = await understandText(
    `일시,내용,크레딧\n${'2026-01-28 14:21,이미지,-33\n'.repeat(3)}2026-01-28 14:21,이미지,33\n`,
  )
  expect([rows.map(({ amount, kind }) => [amount, kind]), equalRows]).toEqual([
    [
      [-33, 'charge'],
      [-33, 'charge'],
      [-33, 'charge'],
      [33, 'refund'],
    ],
    2,
  ])
})

it('uses a remembered reading for the next table of the same source', async () => {
  const options = { now: importNow, zone: 'Asia/Seoul' }
  const [first, next] = [await tableOf(statement), await tableOf(statement.split('\n').slice(2).join('\n'))]
  expect(signatureOf(next, options)).toBe(signatureOf(first, options))
  const other = await tableOf('일시,내용,크레딧\n2026-01-28 14:21,이미지,-33\n')
  expect(signatureOf(other, options)).not.toBe(signatureOf(first, options))
  const reading = { ...understand(first, options).reading, zone: 'UTC' }
  const agreed = { ...reading, changed: changedParts(reading, guessReading(first, options).reading) }
  const fitted = understand(next, { ...options, reading: recalled(agreed, guessReading(next, options).reading) })
  expect(fitted.rows.map(({ amount }) => amount)).toEqual([-1033, 1033, -33])
  expect(fitted.rows[0]?.occurredAt).toBe(Date.parse('2026-01-28T12:05:00Z'))
})

it('guesses anew for the next table what the user did not change', async () => {
  const options = { now: importNow, zone: 'Asia/Seoul' }
  const heading = '일시,내용,크레딧\n'
  const costs = await tableOf(`${heading}13/01/2026 14:21,이미지,33\n`)
  const signed = await tableOf(`${heading}01/13/2026 14:21,이미지,-33\n01/13/2026 14:20,환불,33\n`)
  const first = guessReading(costs, options).reading
  const columns = first.columns.map((role, column) => (column === 1 ? ('ignored' as const) : role))
  const agreed = { ...first, columns, changed: changedParts({ ...first, columns }, first) }
  expect(agreed.changed).toEqual(['1'])
  const reading = recalled(agreed, guessReading(signed, options).reading)
  expect(reading).toMatchObject({ dateOrder: 'month_first', signRule: 'as_written', columns })
  expect(withReasons(guessReading(signed, options).guesses, reading, signed, 'remembered')).toContainEqual(
    expect.objectContaining({ column: 1, as: 'ignored', because: expect.objectContaining({ code: 'remembered' }) }),
  )
})

it('reads words that the user defined, also those that are names of objects', async () => {
  const text = '일시,구분,크레딧\n2026-01-28 14:21,__proto__,33\n2026-01-27 14:21,constructor,33\n'
  const { reading } = await understandText(text)
  const kindWords = [
    { word: '__proto__', kind: 'charge' as const },
    { word: 'constructor', kind: 'refund' as const },
  ]
  const { rows } = await understandText(text, { ...reading, signRule: 'by_word', kindWords })
  expect(rows.map(({ amount, kind }) => [amount, kind])).toEqual([
    [-33, 'charge'],
    [33, 'refund'],
  ])
})

it('refuses amounts whose sign no word tells', async () => {
  const text = '일시,구분,크레딧\n2026-01-28 14:21,사용,33\n2026-01-27 14:21,기타,33\n'
  const { refused } = await understandText(text)
  expect(refused.map(({ row, reason }) => [row, reason.code])).toEqual([[3, 'unknown_sign']])
})
