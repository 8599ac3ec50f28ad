import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { answerProblem, normalAnswer } from '../src/core/methods/questions/answer.ts'
import { choiceProblems } from '../src/core/methods/questions/questions.ts'

describe('an answer', () => {
  for (const same of [
    ['Mary Poppins', 'mary poppins', ' MARY  POPPINS. ', 'Mary-Poppins!', 'ｍａｒｙ ｐｏｐｐｉｎｓ', 'marypoppins'],
    ['Straße', 'STRASSE', 'strasse'],
    ['Ὀδυσσεύς', 'ὈΔΥΣΣΕΎΣ', 'ὀδυσσεύσ'],
    ['İstanbul', 'istanbul', 'ISTANBUL'],
    ['é', 'e\u0301', 'É'],
    ['ﬁancé', 'fiancé'],
    ['12 May 1980', '12/may/1980'],
    ['日本 料理', '日本料理'],
    ["O'Neill", 'O’Neill', 'oneill'],
  ]) {
    test(`is the same as ${same.join(' | ')}`, () => {
      assert.deepEqual(new Set(same.map(normalAnswer)).size, 1)
    })
  }

  test('differs by its letters, its digits and its accents', () => {
    const all = ['rex', 'rext', 'tex', 'rex2', 'réx', '', '2']
    assert.equal(new Set(all.map(normalAnswer)).size, all.length)
  })

  test('is refused when it is too short in letters and digits, or too long', () => {
    const question = 'What was your first pet called?'
    assert.equal(answerProblem('Rex', question, 3), undefined)
    for (const short of ['', 'R', 're', '- - - r e ! ! !', '🐕🐕🐕']) {
      assert.equal(answerProblem(short, question, 3), 'too-short', short)
    }
    assert.equal(answerProblem('', question, 0), 'too-short')
    assert.equal(answerProblem('𐐷𐐷𐐷', question, 4), 'too-short', 'letters are counted, not units')
    assert.equal(answerProblem('x'.repeat(256), question, 3), undefined)
    assert.equal(answerProblem('x'.repeat(257), question, 3), 'too-long')
    // A letter that becomes eighteen.
    assert.equal(answerProblem('ﷺ'.repeat(100), question, 3), 'too-long')
  })

  test('is refused when it is made of the words of the question', () => {
    const question = "What is your mother's favourite colour?"
    for (const answer of ['colour', 'FAVOURITE Colour!', 'favouritecolour', 'colour favourite', 'mother', 'What?']) {
      assert.equal(answerProblem(answer, question, 3), 'own-words', answer)
    }
    for (const answer of ['blue', 'our', 'light colour', 'colours']) {
      assert.equal(answerProblem(answer, question, 3), undefined, answer)
    }
  })
})

describe('a choice of questions', () => {
  const rules = { count: 3, minLength: 3 }
  const chosen = [
    { questionId: 'pet', question: 'First pet?', answer: 'Rex' },
    { questionId: 'town', question: 'Town of birth?', answer: 'Turku' },
    { questionId: 'dish', question: 'Best dish?', answer: 'Soup' },
  ] as const
  const [pet, town, dish] = chosen

  test('of as many as are asked for, all different, is taken', () => {
    assert.deepEqual(choiceProblems(chosen, rules), [])
  })

  test('of fewer or more is refused', () => {
    for (const wrong of [[], [pet, town], [...chosen, { ...dish, questionId: 'more' }]]) {
      assert.deepEqual(choiceProblems(wrong, rules), [{ problem: 'count' }])
    }
  })

  test('with a question twice, by id or by its words, is refused', () => {
    const byId = { ...town, questionId: 'pet' }
    const byWords = { ...town, question: 'first  PET' }
    for (const twice of [byId, byWords]) {
      assert.deepEqual(choiceProblems([pet, twice, dish], rules), [{ problem: 'question-twice', index: 1 }])
    }
  })

  test('with one answer to two questions is refused', () => {
    assert.deepEqual(choiceProblems([pet, town, { ...dish, answer: ' rex!' }], rules), [
      { problem: 'answer-twice', index: 2 },
    ])
  })

  test('has all that is wrong told at once', () => {
    const wrong = [{ ...pet, answer: 'pet' }, { ...town, answer: 'x' }, dish]
    assert.deepEqual(choiceProblems(wrong, rules), [
      { problem: 'own-words', index: 0 },
      { problem: 'too-short', index: 1 },
    ])
  })
})
