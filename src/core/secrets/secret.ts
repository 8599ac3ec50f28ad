import { inspect } from 'node:util'

const SHOWN = '[secret]'

/**
 * A text that must not show: a password, an API key, a shared secret.
 *
 * Printed, logged, put into JSON or into another text it reads `[secret]`. `reveal` is the only way out, and
 * searching for it finds every place where a secret leaves its type.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  [inspect.custom](): string {
    return SHOWN
  }
}
