/** A device of one person on which the mobile app was activated. It has a key of its own, and all that it says is signed. */
export type Device = {
  id: string
  userId: string
  /** The User Setup that it was activated in, until that is finished: it counts for nothing else. */
  setupId: string | undefined
  name: string
  /** As the app says of itself; nothing vouches for it. */
  platform: string
  /** A P-256 point, base64url. */
  publicKey: string
  /** How it is woken up (RFC 8030), at the place that `pushPlace` names. */
  sealedPush: string | undefined
  /** In User Setup the seed of its own codes, which count once that is finished; at the place that `seedPlace` names. */
  sealedSeed: string | undefined
  /** The time of the newest change that it signed, in milliseconds of its own clock; only a later one is taken. */
  signedAt: number
  addedAt: Date
  seenAt: Date
  /** When it last approved something. */
  usedAt: Date | undefined
}

export interface DeviceStore {
  find(id: string): Promise<Device | undefined>
  /** On the account: the oldest first. Those of a User Setup that is not finished are not among them. */
  listOf(userId: string): Promise<Device[]>
  /** Of a User Setup. */
  findOfSetup(setupId: string): Promise<Device | undefined>
  /** False when the person has `most` devices on the account. */
  insert(device: Device, most: number): Promise<boolean>
  /** The User Setup is finished: the device counts. */
  settle(setupId: string): Promise<void>
  /** Those of User Setups that were not finished. */
  removeUnsettled(userId: string): Promise<void>
  /** The time of a change: true only for one later than all before it. */
  spendTime(id: string, time: number): Promise<boolean>
  touch(id: string, now: Date): Promise<void>
  use(id: string, now: Date): Promise<void>
  setPush(id: string, sealedPush: string | undefined): Promise<void>
  /** False when the person has no such device on the account. */
  rename(userId: string, id: string, name: string): Promise<boolean>
  /** False when the person has no such device. */
  remove(userId: string, id: string): Promise<boolean>
}

/** A code that lets one device onto one account. */
export type Activation = {
  id: string
  /** What finds it: the first part of the code. */
  finder: string
  userId: string
  /** The User Setup or session that made it. */
  transactionId: string
  setup: boolean
  /** At the place that `activationPlace` names. */
  sealedCode: string
  attemptsLeft: number
  /** A device that goes when the new one comes. */
  replaces: string | undefined
  expiresAt: Date
  /** The device that has used it. */
  deviceId: string | undefined
}

export interface ActivationStore {
  /** Kills the one before it of the same transaction. False when the finder is taken: make another. */
  offer(activation: Activation): Promise<boolean>
  find(transactionId: string): Promise<Activation | undefined>
  findOpen(finder: string, now: Date): Promise<Activation | undefined>
  /** Takes one attempt, before the code is looked at. */
  spendAttempt(id: string, now: Date): Promise<Activation | undefined>
  /** True for exactly one caller. */
  use(id: string, deviceId: string, now: Date): Promise<boolean>
}

/** What the app is told of a prompt beside the prompt itself, and who has answered it. */
export type AppAsk = {
  promptId: string
  /** Base64url of 32 random bytes: an answer names it, so that none is good for another question. */
  challenge: string
  /** Whether the number of the waiting page must be typed. */
  wantsNumber: boolean
  purpose: 'sign-in' | 'step-up' | 'app-proof'
  /** Of whoever asks. */
  address: string | undefined
  userAgent: string | undefined
  /** The device that has answered. */
  deviceId: string | undefined
}

export interface AppAskStore {
  insert(ask: AppAsk): Promise<void>
  find(promptId: string): Promise<AppAsk | undefined>
  answeredBy(promptId: string, deviceId: string): Promise<void>
}

export function pushPlace(deviceId: string): string {
  return `device/${deviceId}/push`
}

export function seedPlace(deviceId: string): string {
  return `device/${deviceId}/seed`
}

export function activationPlace(activationId: string): string {
  return `activation/${activationId}/code`
}

export function deviceName(typed: string): string {
  return oneLine(typed) || 'Device'
}

/** One line of what shows, whatever was sent. */
export function oneLine(text: string): string {
  const shown = text.normalize('NFC').replace(/\p{Cf}|\p{Co}|\p{Cs}/gu, '')
  return shown.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}
