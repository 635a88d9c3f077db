import { describe, expect, it } from 'vitest'
import { readAmount } from '../../src/core/domain/import/amounts.ts'
import { creditSourceOfText, featureOfText, kindOfText } from '../../src/core/domain/import/words.ts'

describe('readAmount', () => {
  it.each<[string, number]>([
    ['-33', -33],
    ['33', 33],
    ['+1,033', 1033],
    ['(1,033)', -1033],
    ['-33 크레딧', -33],
    ['33 credits', 33],
    ['-33C', -33],
    ['33 캐럿', 33],
    ['💎 33', 33],
    ['▼ 33', -33],
    ['33 크레딧 차감', -33],
    ['33크레딧 환불됨', 33],
    ['-33 환불', -33],
    ['사용 33', -33],
    ['Refunded: 33 credits', 33],
    ["'-33", -33],
    ['+33 (잔액 967)', 33],
    ['33 credits used', -33],
    ['33 credits refunded', 33],
    ['−33', -33],
    ['－３３', -33],
    ['１，０３３', 1033],
    ['△33', -33],
    ['33-', -33],
    ['- 1,033 크레딧', -1033],
    ['크레딧 33', 33],
    ['33.0', 33],
    ['1,033.00', 1033],
    ['1.033.000', 1033000],
    ['1 033', 1033],
    ['0', 0],
    ['-0', 0],
    ['1,000,000,000', 1_000_000_000],
  ])('reads %s', (text, amount) => {
    const read = readAmount(text)
    expect(read).toMatchObject({ amount })
    expect(Object.is(read && 'amount' in read && read.amount, -0)).toBe(false)
  })

  it.each<[string, string]>([
    ['0.5', 'fractional_amount'],
    ['-0.0004', 'fractional_amount'],
    ['24529,5', 'fractional_amount'],
    ['1,000,000,001', 'amount_too_large'],
    ['9007199254740993', 'amount_too_large'],
    ['₩5,000', 'money'],
    ['5,000원', 'money'],
    ['$19.99', 'money'],
  ])('refuses %s as %s', (text, problem) => {
    expect(readAmount(text)).toEqual({ problem })
  })

  it.each([
    '３장',
    '2개',
    '',
    '-',
    '이미지',
    '1e3',
    '0x10',
    '12n',
    '١٢',
    '4,4331E+11',
    '--33',
    '(-33',
    '-(33)',
    '12:30',
    '3회 사용',
    '이미지 3 생성',
  ])('finds no amount in %j', (text) => {
    expect(readAmount(text)).toBe(null)
  })
})

it.each([
  ['사용', 'charge', -1],
  ['크레딧 차감', 'charge', -1],
  ['충전 크레딧 사용', 'charge', -1],
  ['영상 생성', 'charge', -1],
  ['환불', 'refund', 1],
  ['사용 취소', 'refund', 1],
  ['영상 생성 실패\n자동 환불', 'refund', 1],
  ['Refund: video generation', 'refund', 1],
  ['구독 크레딧 지급', 'grant', 1],
  ['일일 크레딧 초기화', 'grant', 1],
  ['보너스', 'grant', 1],
  ['크레딧 충전', 'top_up', 1],
  ['Top-up', 'top_up', 1],
  ['충전 취소', 'adjustment', -1],
  ['무료 크레딧 만료', 'expiry', -1],
  ['Expired', 'expiry', -1],
  ['잔액 조정', 'adjustment', 0],
  ['deduct', 'charge', -1],
  ['이용', 'charge', -1],
  ['이미지 생성 (환불 불가)', 'charge', -1],
  ['영상 생성: 환불되지 않음', 'charge', -1],
  ['Video generation, not refunded', 'charge', -1],
  ['무료 이벤트 영상 생성', 'charge', -1],
  ['이벤트', 'grant', 1],
  ['출석 체크', 'grant', 1],
  ['Gift from a friend', 'grant', 1],
  ['Welcome bonus (January)', 'grant', 1],
  ['Used for chat', 'charge', -1],
])('reads the kind of %j', (text, kind, sign) => {
  expect(kindOfText(text)).toEqual({ kind, sign })
})

it.each([
  '이미지',
  'Kling',
  '메모',
  'because',
  'refused',
  '생일 선물 카드',
  '이벤트 포스터',
  'Gift box',
  '환불 불가',
  '이용약관',
])('reads no kind from %s', (text) => {
  expect(kindOfText(text)).toBe(null)
})

it.each([
  ['이미지로 영상 생성', 'video'],
  ['image to video', 'video'],
  ['Video generation (image input)', 'video'],
  ['이미지 ３장', 'image'],
  ['배경음악', 'audio'],
  ['영상 자막', 'subtitle'],
  ['채팅', 'chat'],
  ['웹 검색', 'web_search'],
  ['파일 분석', 'file_analysis'],
  ['코드 실행', 'code'],
  ['Veo 3', 'video'],
  ['Nano Banana', 'image'],
])('reads the feature of %s', (text, feature) => {
  expect(featureOfText(text)).toBe(feature)
})

it.each([
  ['구독 크레딧 지급', 'subscription'],
  ['일일 무료 크레딧', 'daily_free'],
  ['광고 보상', 'random'],
  ['이벤트 보너스', 'promotion'],
  ['추가 크레딧 충전', 'top_up'],
])('reads the source of credits of %s', (text, source) => {
  expect(creditSourceOfText(text)).toBe(source)
})
