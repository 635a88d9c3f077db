/** The vocabulary of the sample account's chats in each language. */

/** The scene of a generated picture, so that it matches its prompt. */
export type Scene = 'hills' | 'sea' | 'moon' | 'vase' | 'fruit' | 'city' | 'window'

interface Theme {
  scene: Scene
  titles: string[]
  subjects: string[]
  settings: string[]
  looks: string[]
}

export interface Vocabulary {
  themes: Theme[]
  motions: string[]
  /** Texts with `{subject}`, `{setting}`, `{look}` and `{motion}`. */
  imagePatterns: string[]
  videoPatterns: string[]
  followUps: string[]
  audio: { title: string; prompts: string[] }[]
  subtitles: { title: string; prompts: string[] }[]
  /** The note on a correction of the balance. */
  adjustment: string
}
