/** The prompts of a large account: some 24,000 words with the frequencies of natural language. */
import { seededRandom } from '../../src/shared/random.ts'

const wordsOfEach = 12_000

const koreanNouns = (
  '고양이 강아지 바다 하늘 사진 느낌 배경 노을 사람 여자 아이 얼굴 모습 거리 도시 숲 꽃 비 눈 밤 봄 여름 가을 겨울 햇살 조명 그림 색감 분위기 창가 ' +
  '카페 골목 한옥 마당 나무 호수 파도 구름 달빛 별 우주 로봇 자동차 기차 자전거 우산 커피 케이크 과일 접시 화병 책상 서재 도서관 학교 교실 운동장 시장 ' +
  '포스터 로고 제품 광고 썸네일 배너 일러스트 수채화 유화 만화 애니메이션 영상 인물 정면 뒷모습 클로즈업 전신 구도 여백 필름 흑백 자연광 역광 그림자 ' +
  '예술의전당 광안대교 경복궁 남산타워 제주도 한강 북촌 해운대 설악산 벚꽃 단풍 눈사람 크리스마스 추석 생일 결혼식 졸업식 할머니 아버지 친구 가족 아기 ' +
  '여우 토끼 곰 호랑이 고래 나비 새 말 공룡 용 요정 마법사 기사 공주 왕자 성 마을 다리 등대 항구 배 섬 사막 폭포 동굴 온실 정원 보물 지도 편지 시계 거울 인형'
).split(' ')
const englishWords = (
  'a the of in with and on at cinematic light portrait photo of style detailed soft night city rain neon street cat dog girl man woman old young white black red blue ' +
  'golden hour sunset sunrise forest mountain ocean river lake sky clouds moon stars space robot car train bicycle umbrella coffee cake fruit plate vase desk library ' +
  'school market poster logo product banner illustration watercolor oil painting anime render octane realistic macro close wide angle shot lens depth field bokeh film ' +
  'grain vintage retro minimal flat pastel dark moody warm cold fog snow winter summer spring autumn flower cherry blossom temple palace bridge tower castle village ' +
  'dragon fairy wizard knight princess astronaut whale butterfly bird horse dinosaur bear fox rabbit tiger window garden greenhouse desert waterfall cave island harbor'
).split(' ')
const families = [...'김이박최정강조윤장임한오서신권황안송류홍']
const givens =
  '민준 서연 도윤 지우 하준 서윤 지호 하은 예준 수아 주원 지민 시우 채원 유진 다은 건우 소율 우진 나연 이준 가온 선우 은채 연우 태오 로운 아린 현서 보미'.split(
    ' ',
  )
const particles = '이 가 을 를 은 는 의 에 에서 로 으로 와 과 도 위에 아래 처럼 같은 하는 있는'.split(' ')
const figures =
  '4k 8K 35mm 85mm 50mm 16:9 9:16 1:1 3:2 4장 2장 3명 2026 1990년대 24fps f1.8 100% v2 #3 30초 10s 1080p'.split(' ')

/** Korean syllables by falling frequency: rare words are composed of them. */
const syllables = [
  ...'이다가는하고의에기지사자리로아대도인어서나시한을일은를그과수해전정들조구부주보원상동소여제마화선장안공성진유경라비미만무용국스트생모방신치오세중회연면관우개관문물재학실양산음분출식발작간업반바표위거당속양명천야계체초민행강내교과강환',
]
const onsets = 'b c d f g h l m n p r s t v st br cl tr sh ch'.split(' ')
const nuclei = 'a e i o u ai ea ou'.split(' ')
const codas = ['', 'n', 'r', 's', 't', 'l', 'm', 'nd', 'st']

/** The law of Zipf and Mandelbrot by inversion: the frequency of rank `r` of `count` is about 1 / (r + flat). */
export const rankOf = (uniform: number, count: number, flat = 10): number =>
  Math.min(count - 1, Math.floor(flat * ((count + flat) / flat) ** uniform - flat))

const byRank = <T>(values: readonly T[], random: () => number, flat?: number): T =>
  values[rankOf(random(), values.length, flat)] as T
export const oneOf = <T>(values: readonly T[], random: () => number): T =>
  values[Math.floor(random() * values.length)] as T

function fill(known: string[], makePart: () => string, random: () => number): readonly string[] {
  const words = new Set(known)
  while (words.size < wordsOfEach) {
    const length = 2 + Math.floor(random() * 2) + (random() < 0.2 ? 1 : 0)
    words.add(Array.from({ length }, makePart).join(''))
  }
  return [...words]
}

export interface Vocabulary {
  /** Both by falling frequency. */
  korean: readonly string[]
  english: readonly string[]
}

/** The same words for every size and seed of a history. */
export function createVocabulary(): Vocabulary {
  const random = seededRandom(7)
  const latin = () => oneOf(onsets, random) + oneOf(nuclei, random) + oneOf(codas, random)
  return {
    korean: fill(koreanNouns, () => byRank(syllables, random, 30), random),
    english: fill(englishWords, latin, random),
  }
}

type Language = keyof Vocabulary

/**
 * A prompt of the given length in words: mostly Korean, with particles, names and numbers, some English, some mixed.
 */
export function makePhrase(vocabulary: Vocabulary, random: () => number, length: number): string {
  const mood = random()
  const language = (): Language => {
    if (mood < 0.6) return 'korean'
    return mood < 0.9 || random() < 0.5 ? 'english' : 'korean'
  }
  return Array.from({ length }, () => makeToken(vocabulary, language(), random)).join(' ')
}

function makeToken(vocabulary: Vocabulary, language: Language, random: () => number): string {
  const choice = random()
  if (choice < 0.05) return oneOf(figures, random)
  if (language === 'english') return byRank(vocabulary.english, random)
  const stem =
    choice < 0.07 ? byRank(families, random, 3) + byRank(givens, random, 5) : byRank(vocabulary.korean, random)
  return random() < 0.4 ? stem + oneOf(particles, random) : stem
}
