/** Writes the chats of the sample account: their titles and prompts, in both languages. */
import type { Random } from './random.ts'
import type { Scene } from './vocabulary.ts'
import { english } from './vocabulary-en.ts'
import { korean } from './vocabulary-ko.ts'

/** One chat: its subject, and as many prompts as requested. */
export interface Talk {
  kind: 'visual' | 'audio' | 'subtitle'
  title: string
  scene: Scene
  prompt(kind: string): string
}

export type Writer = ReturnType<typeof createWriter>

const languages = [korean, english]

/**
 * Writes chats with as little repetition as the vocabulary allows: each list is shuffled and dealt like a deck of
 * cards.
 */
export function createWriter(random: Random) {
  const decks = new Map<readonly unknown[], unknown[]>()
  function draw<Value>(values: readonly Value[]): Value {
    const deck = decks.get(values)?.length ? (decks.get(values) as Value[]) : random.shuffled(values)
    decks.set(values, deck)
    return deck.pop() as Value
  }

  /** A chat about pictures and videos. */
  function visualTalk(): Talk {
    const { themes, motions, followUps, imagePatterns, videoPatterns } = draw(languages)
    const theme = draw(themes)
    let asked = 0
    return {
      kind: 'visual',
      title: draw(theme.titles),
      scene: theme.scene,
      prompt(kind) {
        asked += 1
        if (asked > 1 && random.chance(0.3)) return draw(followUps)
        return draw(kind === 'video' ? videoPatterns : imagePatterns)
          .replace('{subject}', () => draw(theme.subjects))
          .replace('{setting}', () => draw(theme.settings))
          .replace('{look}', () => draw(theme.looks))
          .replace('{motion}', () => draw(motions))
      },
    }
  }

  /** A chat about sound or subtitles. */
  function spokenTalk(kind: 'audio' | 'subtitle'): Talk {
    const vocabulary = draw(languages)
    const { title, prompts } = draw(kind === 'audio' ? vocabulary.audio : vocabulary.subtitles)
    let asked = 0
    return {
      kind,
      title,
      scene: 'hills',
      prompt() {
        asked += 1
        return prompts[(asked - 1) % prompts.length] as string
      },
    }
  }

  return {
    adjustment: korean.adjustment,
    visualTalk,
    talk: () => (random.chance(0.12) ? spokenTalk(random.pick(['audio', 'audio', 'subtitle'] as const)) : visualTalk()),
  }
}
