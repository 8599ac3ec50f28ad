import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../contract/contract.ts'
import type { Outcome } from '../core/delivery/deliver.ts'
import type { CircuitChange } from '../core/delivery/providers.ts'
import type { ReplySink } from '../core/delivery/replies.ts'
import type { Sender } from '../core/delivery/sender.ts'
import type { TextSender } from '../core/delivery/text-sender.ts'
import type { CallBook, CallEvents, VoiceCaller } from '../core/delivery/voice.ts'
import type { Directory } from '../core/directory.ts'
import { gate } from '../core/gate.ts'
import { handlers } from '../core/handlers.ts'
import type { PushService } from '../core/methods/app/push.ts'
import { openPushKeys } from '../core/methods/app/push-keys.ts'
import { whoSigned } from '../core/methods/app/who.ts'
import { conductCalls } from '../core/methods/call/conduct.ts'
import { withoutCalls } from '../core/methods/call/offer.ts'
import { callStarter } from '../core/methods/call/start.ts'
import { type RelyingPartySource, withoutPasskeys } from '../core/methods/passkey/relying-party.ts'
import { textStarter } from '../core/methods/text/ask.ts'
import { replySink } from '../core/methods/text/take-reply.ts'
import { provePin } from '../core/pin/proof.ts'
import type { Clock, Ids, Log, Random, Write } from '../core/ports.ts'
import { type Keyring, openKeyring } from '../core/secrets/keyring.ts'
import { type Argon2id, passwordHasher } from '../core/secrets/password-hash.ts'
import { whoHolds } from '../core/sessions/who.ts'
import type { Settings } from '../core/settings/settings.ts'
import { arrivals } from '../core/sign-in/arrive.ts'
import { floorOf } from '../core/sign-in/floor.ts'
import type { SyncNeeds } from '../core/sync/needs.ts'
import type { DirectoryKind, LocalPasswords } from '../core/users/user.ts'
import { letters } from '../i18n/letters.ts'
import { questionsIn } from '../i18n/questions.ts'
import { texts as wording } from '../i18n/texts.ts'
import { auditReader } from '../storage/audit-store.ts'
import { dataKeyStore } from '../storage/data-key-store.ts'
import { pushKeyStore } from '../storage/push-key-store.ts'
import type { Database } from '../storage/sql/database.ts'
import { localPasswords } from '../storage/user-store.ts'
import { mobileApp } from './mobile.ts'
import { type Stores, storesOver } from './stores.ts'
import { syncOf } from './sync.ts'
import { version } from './version.ts'
import { type Groups, whoMay } from './who-may.ts'
import { idle, startWork } from './work.ts'

type Hasher = ReturnType<typeof passwordHasher>

export type EngineNeeds = {
  database: Database
  masterKey: Uint8Array
  settings: Settings
  directoryKind: DirectoryKind
  /** Makes the directory that checks passwords; local ones are looked up in the database. */
  directory(local: { passwords: LocalPasswords; hasher: Hasher }): Directory
  groups?: Groups
  /** Whom to import, and as users of which directory. Without it nobody is. */
  people?: SyncNeeds['source']
  /** The providers of texts, in order. None: texts wait in the queue, and expire. */
  senders?: readonly TextSender[]
  /** Who places calls. None: nobody is offered any, unless another process `canCall`. */
  callers?: readonly VoiceCaller[]
  canCall?: boolean
  /** Wakes devices up. None: they ask by themselves. */
  pushService?: PushService | undefined
  /** Where the mobile app is, with a slash at the end; asked at each use. */
  appUrl?: (() => string | undefined) | undefined
  /**
   * To whom mails are handed, in order; without it none is written. `portal`: the address of its first page, for links.
   * With no senders mails wait for a process that has some.
   */
  mail?: { senders: readonly Sender[]; portal(): string | undefined } | undefined
  /** The portal's host name, for the WebOTP line of texts. */
  host?: string | undefined
  /** To whom passkeys belong; asked at each use. Without one there are none. */
  relyingParty?: RelyingPartySource | undefined
  log: Log
  clock: Clock
  random: Random
  ids: Ids
  onTextOutcome?: ((outcome: Outcome) => void) | undefined
  onCircuit?: ((change: CircuitChange) => void) | undefined
  /** `none`: neither sends nor tidies up; for a command that works beside a running server. Default: all. */
  work?: 'all' | 'none'
  /** How often the queue of deliveries is looked at by itself, in milliseconds. */
  lookMs?: number | undefined
  /** How long a delivery is claimed beyond the time to send it. For tests that turn the clock while one is sent. */
  toWriteMs?: number | undefined
  /** For tests that are about something else than the cost of a hash. */
  argon2id?: Argon2id | undefined
  /** Wrong passwords are answered no sooner than this. */
  floorMs?: number
}

/** The MFA Server: the one owner of the database. Doors hold its `api`, and nothing else of it. */
export type Engine = {
  api: Api
  /** What providers of calls tell. */
  calls: CallEvents & CallBook
  /** Where providers of texts put what people send back. */
  replies: ReplySink
  /** For the operator's tools in this process: the demo's accounts, and checking the audit. */
  sealing: Keyring
  checkServiceAccount: ReturnType<typeof whoMay>['checkServiceAccount']
  close(): Promise<void>
}

const WRONG_PASSWORD_FLOOR_MS = 250

export async function openEngine(needs: EngineNeeds): Promise<Engine> {
  const { database, masterKey, clock, random, ids, directoryKind } = needs
  const sealing = await openKeyring({ masterKey, store: dataKeyStore(database), random, ids, clock })
  const hasher = passwordHasher({ random, mostAtOnce: 4, mostWaiting: 200, argon2id: needs.argon2id })
  const { relyingParty = () => undefined, canCall = (needs.callers ?? []).length > 0 } = needs
  const own = canCall ? needs.settings : withoutCalls(needs.settings)
  const plain = withoutPasskeys(own)
  const settings = { current: () => (relyingParty() ? own : plain) }
  const read = storesOver(database, ids)
  const pushKeys = await openPushKeys({ store: pushKeyStore(database), sealing, random, clock })
  const write: Write<Stores> = (unit) => database.write((tx) => unit(storesOver(tx, ids)))
  const directory = needs.directory({ passwords: localPasswords(database), hasher })

  const workers = needs.work === 'none' ? idle : startWork(needs, { sealing, settings, write, read, pushKeys })
  const texts = { write, sealing, wording, settings, clock, random, ids, host: needs.host, nudge: workers.nudge }
  const views = { challenges: read.challenges, deliveries: read.deliveries, paces: read.throttle }
  const { nudge } = workers
  const callViews = { ...views, prompts: read.prompts, calls: read.calls, askedTexts: read.askedTexts }
  const ringing = { write, sealing, settings, clock, ids, nudge }
  const pinning = { pins: read.pins, hasher, sealing }
  const start = { ...ringing, pins: read.pins, random, canCall }
  const mail = needs.mail && { letters, portal: needs.mail.portal }
  const notices = { sealing, wording, settings, ids, mail }
  const pause = (ms: number) => sleep(ms, undefined, { ref: false })
  const floor = floorOf({ clock, sleep: pause }, needs.floorMs ?? WRONG_PASSWORD_FLOOR_MS)
  const reserves = { securityAnswers: read.securityAnswers, recoveryCodes: read.recoveryCodes }
  const holdings = { tokens: read.tokens, passkeys: read.passkeys, devices: read.devices, relyingParty }
  const proving = (userId: string, digits: string) => provePin(pinning, userId, digits)
  const over = { write, read, sealing, settings, clock, random, ids, nudge, notices, relyingParty }
  const apps = { pushService: needs.pushService, appUrl: needs.appUrl ?? (() => undefined) }
  const mobile = mobileApp({ ...over, ...apps, provePin: proving, log: needs.log, sleep: pause, pushKeys })
  const text = textStarter({ ...texts, pins: read.pins })
  const starters = { call: callStarter(start), text, app: mobile.starter }
  const prompts = { users: read.users, settings, clock, starters }

  const asked = { directory, kind: directoryKind, groups: needs.groups }
  const may = whoMay(asked, { read, write, hasher, sealing, settings, floor, clock })
  const begin = {
    ...holdings,
    ...reserves,
    directory,
    arrivals: arrivals({ write, users: read.users, notices, ids, kind: directoryKind }),
    pace: may.pace,
    mayEnrol: may.mayEnrol,
    directoryChallenges: read.directoryChallenges,
    texts,
    prompts,
    ...{ write, users: read.users, settings, sealing, clock, random, ids, floor },
  }
  const api = gate({
    handlers: handlers({
      begin,
      changePassword: { ...begin, record: write, notices },
      secondStep: {
        ...callViews,
        ...holdings,
        ...reserves,
        ...pinning,
        asks: read.asks,
        write,
        users: read.users,
        settings,
        clock,
        random,
        ids,
        notices,
        sleep: pause,
      },
      prompts,
      phone: {
        write,
        users: read.users,
        texts,
        asking: texts,
        pins: read.pins,
        views: callViews,
        notices,
        clock,
        random,
      },
      call: { write, users: read.users, start, calls: callViews, notices, settings, clock, random },
      hardware: { ...holdings, write, users: read.users, sealing, notices, settings, clock, ids },
      token: { ...holdings, pins: read.pins, write, users: read.users, notices, settings, clock, random },
      app: mobile.operations,
      passkey: {
        ...holdings,
        write,
        users: read.users,
        passkeyChallenges: read.passkeyChallenges,
        barred: may.barred,
        notices,
        settings,
        clock,
        random,
        ids,
        floor,
      },
      pin: { ...pinning, write, users: read.users, notices, settings, clock, random, ids },
      account: {
        ...holdings,
        ...reserves,
        pins: read.pins,
        write,
        notices,
        users: read.users,
        activity: auditReader(database),
        settings,
        clock,
      },
      questions: { ...reserves, write, shipped: questionsIn, hasher, notices, settings, clock },
      recovery: { write, hasher, notices, settings, clock, random },
      leave: { write, clock },
      operate: { write, users: read.users, hasher, kind: directoryKind, settings, clock, ids },
      serviceAccounts: { write, hasher, clock },
      sync: syncOf(needs, { sealing, settings, write, read }),
      settings,
      version,
    }),
    whoHolds: whoHolds({ signIns: read.signIns, sessions: read.sessions, write, settings, clock }),
    whoSigned: whoSigned({ devices: read.devices, write, clock }),
    clock,
    freshMinutes: () => settings.current()['proof.fresh_minutes'],
  })

  return {
    api,
    calls: conductCalls({
      ...ringing,
      notices,
      log: needs.log,
      judgePin: async (userId, digits) => (await proving(userId, digits)) !== undefined,
    }),
    replies: replySink({ ...pinning, write, notices, settings, clock, log: needs.log }),
    sealing,
    checkServiceAccount: may.checkServiceAccount,
    async close() {
      await workers.close()
      await needs.people?.people.close()
      await directory.close()
    },
  }
}
