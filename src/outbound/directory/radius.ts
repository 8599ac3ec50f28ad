import { Buffer } from 'node:buffer'
import type { Attempt, Directory, PasswordChange, PasswordCheck } from '../../core/directory.ts'
import { AppError } from '../../core/errors.ts'
import type { Clock, Log, Random } from '../../core/ports.ts'
import type { Nas } from '../../protocols/radius/nas.ts'
import { nameOf } from './radius-carrier.ts'
import { type RadiusConfig, radiusExchange } from './radius-exchange.ts'
import { type RadiusNames, radiusName } from './radius-names.ts'
import { type RadiusChallenge, type RadiusCheck, radiusPasswords } from './radius-password.ts'

export type RadiusDirectoryConfig = RadiusConfig & {
  method: 'pap' | 'ms-chap-v2'
  nas: Nas
  names: RadiusNames
  /** People may change a password that is expired. By MS-CHAP alone a server says so. */
  changePasswords: boolean
}

type Needs = { log: Log; random: Random; clock: Clock }

/** Passwords known by RADIUS servers. They tell no id and no other name: people are who they say they are. */
export function radiusDirectory(config: RadiusDirectoryConfig, needs: Needs): Directory {
  const { method, nas, names, servers } = config
  const exchange = radiusExchange(config, needs)
  const passwords = radiusPasswords({ method, nas }, { exchange, random: needs.random })

  /** The server may be gone from the configuration since: then nobody knows what was asked. */
  function challengeFrom(state: Uint8Array): RadiusChallenge {
    const kept = JSON.parse(Buffer.from(state).toString())
    const server = servers.find((each) => nameOf(each) === kept.server)
    if (!server)
      throw new AppError('directory.unreachable', { detail: `${kept.server}, which asked, is not configured` })
    return { server, username: kept.username, state: Buffer.from(kept.state, 'base64') }
  }

  return {
    spellingOf: (username) => radiusName(username, names) ?? username,
    async checkPassword(username, password, attempt) {
      const name = radiusName(username, names)
      if (name === undefined) return { outcome: 'wrong', why: 'unknown' }
      return checkOf(await passwords.check(name, password, attemptOf(attempt)), name)
    },
    async answerChallenge(state, reply, attempt) {
      const challenge = challengeFrom(state)
      return checkOf(await passwords.reply(challenge, reply, attemptOf(attempt)), challenge.username)
    },
    ...(config.changePasswords &&
      ({
        async changePassword(username, old, chosen, attempt): Promise<PasswordChange> {
          const name = radiusName(username, names)
          if (name === undefined) return { outcome: 'wrong', why: 'unknown' }
          return passwords.change(name, old, chosen, attemptOf(attempt))
        },
      } satisfies Pick<Directory, 'changePassword'>)),
    async close() {
      exchange.close()
    },
  }
}

function attemptOf(attempt: Attempt = {}) {
  return { callingStationId: attempt.address }
}

function checkOf(check: RadiusCheck, username: string): PasswordCheck {
  switch (check.outcome) {
    case 'right':
    case 'must-change':
      return { ...check, person: { uid: undefined, username } }
    case 'wrong':
      return { outcome: 'wrong', why: check.why, ...(check.proven && { person: { uid: undefined, username } }) }
    case 'challenged': {
      const { server, state } = check.challenge
      const kept = { server: nameOf(server), username, state: Buffer.from(state).toString('base64') }
      return { outcome: 'challenged', challenge: { ...check.terms, state: Buffer.from(JSON.stringify(kept)) } }
    }
  }
}
