/** The words of a row: its kind, its feature, and where credits came from. */
import type { CreditSource, Feature, TransactionKind } from '../../../shared/values.ts'

/** The meaning of a word; `sign` is -1 if it takes credits, 0 if it can do both. */
export interface KindWord {
  kind: TransactionKind
  sign: -1 | 0 | 1
}

const kinds: [RegExp, KindWord][] = [
  [/만료|소멸|expir(?:y|ed|es|ation)?|lapsed/g, { kind: 'expiry', sign: -1 }],
  [
    /환불|환급|반환|되돌|돌려받|취소|refund(?:ed)?|reversal|reversed|cancel(?:l?ed|lation)?|money ?back/g,
    { kind: 'refund', sign: 1 },
  ],
  [/조정|정정|보정|adjust(?:ment|ed)?|correction/g, { kind: 'adjustment', sign: 0 }],
  [/충전|구매|결제|구입|top[ -]?up|purchased?|recharged?|bought/g, { kind: 'top_up', sign: 1 }],
  [/지급|적립|획득|grant(?:ed)?|earned|received/g, { kind: 'grant', sign: 1 }],
  [
    /사용|이용(?! ?(?:약관|안내|방법|자|가이드))|차감|소진|소모|소비|출금|지출|(?<![a-z])use(?:d|s)?(?![a-z])|usage|charged?|deduct(?:ed|ion)?|debit|spen[dt]|consum(?:ed|ption)/g,
    { kind: 'charge', sign: -1 },
  ],
  [/입금|credited/g, { kind: 'grant', sign: 1 }],
]
/** Words of a charge that count only if no other word names a kind. */
const making = /생성|제작|편집|변환|generat(?:ed?|ion)|creat(?:ed?|ion)|made/

/**
 * The kind that a text names; null if no word names one. In Korean the last word decides, because a phrase ends with its head
 * (`충전 크레딧 사용`); in English the first pattern decides (`Refund: video generation`).
 */
export function kindOfText(text: string): KindWord | null {
  const lower = headOf(text).replace(denied, ' ')
  const korean = lastOf(kinds, lower, /[가-힣]/)
  if (korean) return isTakenBack(lower) ? { kind: 'adjustment', sign: -1 } : korean
  const english = firstOf(kinds, lower)
  if (english) return english
  if (isGift(lower)) return { kind: 'grant', sign: 1 }
  return making.test(lower) ? { kind: 'charge', sign: -1 } : null
}

/** Says that there is no refund: `환불 불가`, `환불되지 않음`, `non-refundable`, `not refunded`. */
const denied =
  /미환불|(?:환불|취소)(?:은|이|을|는|도)? ?(?:불가|거절|반려|실패|제외|없음|안 ?[됨돼되함]|(?:되지|하지) ?않|대상 ?(?:이 ?)?아[님니])[가-힣]*|(?:non|not|never|no)[ -]?(?:be(?:en)? )?refund(?:s|ed|able)?|refund (?:denied|declined|rejected|failed|unavailable)/g

const gift =
  '보너스|선물|보상|초기화|리셋|무료|구독|멤버십|이벤트|프로모션|쿠폰|출석|추천인|친구 ?초대|미션|가입 ?축하|bonus|rewards?|gift|promo(?:tion)?|reset|subscription|membership|events?|coupon|referral|welcome|(?:monthly|daily|free) credits'
const afterGift = '크레딧|포인트|갱신|시작|혜택|등록|참여|당첨|체크|완료|renewal|plan|credits?|points?'
const endsWithGift = new RegExp(`(?<![a-z])(?:${gift})(?: ?(?:${afterGift}))*$`)
const beginsWithGift = new RegExp(`^(?:${gift})(?: ?[:(-]| (?:for|from|code|credits?|points?)(?![a-z]))`)

/**
 * Whether credits were given: `이벤트 보너스`, `Gift from Carat`. Inside a text these words say nothing of the credits:
 * `생일 선물 카드` (birthday gift card) is a title, `무료 이미지 생성` (free image generation) a charge.
 */
const isGift = (text: string): boolean =>
  endsWithGift.test(text.replace(/[([].*$|[ +\d,]+$/, '').trim()) || beginsWithGift.test(text)

/** A top-up or a grant that was cancelled takes credits. */
const isTakenBack = (text: string): boolean =>
  /(?:충전|구매|결제|지급|적립) ?(?:크레딧 ?)?(?:취소|회수|환불)|환불 ?(?:취소|회수)/.test(text)

function lastOf<Value>(patterns: readonly [RegExp, Value][], text: string, only?: RegExp): Value | null {
  let [at, found]: [number, Value | null] = [-1, null]
  for (const [pattern, value] of patterns) {
    for (const match of text.matchAll(pattern)) {
      if (match.index > at && (!only || only.test(match[0]))) [at, found] = [match.index, value]
    }
  }
  return found
}

/** An earlier pattern wins: "refund of a purchase" is a refund. */
function firstOf<Value>(patterns: readonly [RegExp, Value][], text: string): Value | null {
  return patterns.find(([pattern]) => text.search(pattern) >= 0)?.[1] ?? null
}

const features: [RegExp, Feature][] = [
  [
    /동영상|영상|비디오|애니메이션|립싱크|video|movie|lip ?sync|animation|kling|veo|sora|seedance|hailuo|runway|ltx|클링/g,
    'video',
  ],
  [
    /이미지|사진|그림|일러스트|업스케일|image|photo|picture|illustration|upscale|imagen|nano[ -]?banana|나노 ?바나나|midjourney|미드저니|seedream|flux/g,
    'image',
  ],
  [/음악|오디오|음성|보이스|노래|효과음|배경음|더빙|music|audio|voice|song|sound|bgm|tts|speech|lyria|suno/g, 'audio'],
  [/자막|subtitles?|captions?/g, 'subtitle'],
  [/채팅|대화|메시지|chat|conversation|message/g, 'chat'],
  [/웹 ?검색|검색|(?:web )?search/g, 'web_search'],
  [/(?:파일|문서|pdf) ?분석|파일|문서|(?:file|document)(?: analysis)?/g, 'file_analysis'],
  [/코드|코딩|cod(?:e|ing)/g, 'code'],
]

/** The feature that a text names; the last word decides, and words in brackets count only if no other names one. */
export function featureOfText(text: string): Feature | null {
  const lower = headOf(text)
  if (/자막|subtitle|caption/.test(lower)) return 'subtitle'
  return lastOf(features, lower.replace(/\([^)]*\)|\[[^\]]*\]/g, ' ')) ?? lastOf(features, lower)
}

const sources: [RegExp, CreditSource][] = [
  [/프로모션|이벤트|쿠폰|보너스|promo|event|coupon|bonus/g, 'promotion'],
  [/광고|랜덤|random|reward/g, 'random'],
  [/구독|멤버십|월 ?정기|매월|subscription|monthly|membership/g, 'subscription'],
  [/충전|구매|결제|추가|top[ -]?up|purchase|recharge|boost/g, 'top_up'],
  [/일일|매일|무료|초기화|daily|free|reset/g, 'daily_free'],
  [/포인트|points?/g, 'points'],
]

/** Where the credits of a row came from, as its text says. */
export const creditSourceOfText = (text: string): CreditSource | null => firstOf(sources, headOf(text))

/** The kind and the feature are named at the beginning of a text; a cell can have 65,536 characters. */
const headOf = (text: string): string => text.slice(0, 500).normalize('NFKC').toLowerCase()
