/**
 * What a method says of an answer. `replayed`: right, but used before. `gone`: there is nothing that this could answer,
 * so nothing was compared and no try is spent.
 */
export type Judgement = 'right' | 'wrong' | 'replayed' | 'gone'
