/** Guesses the sign rule: which amounts take credits. */
import type { Coded, GuessReason, SignRule } from '../../../shared/imports.ts'

export interface SignSample {
  amount: number
  /** The sign that the words of the row state: -1 takes credits, 1 gives them; 0 if they state none. */
  word: -1 | 0 | 1
}

export interface SignGuess {
  rule: SignRule
  because: Coded<GuessReason>
  runnerUp: { as: SignRule; because: Coded<GuessReason> } | null
}

const coded = (code: GuessReason): Coded<GuessReason> => ({ code, params: {} })

/** Guesses the rule from sampled rows; `headingSaysUsed` if the heading of the amounts names used credits. */
export function guessSigns(samples: readonly SignSample[], headingSaysUsed: boolean): SignGuess {
  const counted = samples.filter(({ amount }) => amount !== 0)
  const negatives = counted.filter(({ amount }) => amount < 0).length
  const worded = counted.filter(({ word }) => word !== 0)
  const agree = worded.filter(({ amount, word }) => Math.sign(amount) === word).length
  const disagree = worded.length - agree
  if (negatives > 0) {
    // A column of costs: charges are positive, and refunds are negative.
    if (disagree > agree && negatives < counted.length) {
      return {
        rule: 'charges_positive',
        because: coded('words_disagree_with_signs'),
        runnerUp: next('as_written', 'some_are_negative'),
      }
    }
    return { rule: 'as_written', because: coded('some_are_negative'), runnerUp: null }
  }
  if (worded.some(({ word }) => word === -1)) {
    return { rule: 'by_word', because: coded('words_carry_sign'), runnerUp: next('as_written', 'all_positive') }
  }
  if (headingSaysUsed) {
    return {
      rule: 'charges_positive',
      because: coded('heading_says_used'),
      runnerUp: next('as_written', 'all_positive'),
    }
  }
  if (counted.length > 0 && worded.length === counted.length) {
    return {
      rule: 'as_written',
      because: coded('words_carry_sign'),
      runnerUp: next('charges_positive', 'all_positive'),
    }
  }
  return { rule: 'charges_positive', because: coded('all_positive'), runnerUp: next('as_written', 'all_positive') }
}

const next = (as: SignRule, code: GuessReason) => ({ as, because: coded(code) })
