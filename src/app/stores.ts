import type { Ids } from '../core/ports.ts'
import { askedTextStore } from '../storage/asked-text-store.ts'
import { auditLog } from '../storage/audit-store.ts'
import { callStore } from '../storage/call-store.ts'
import { challengeStore } from '../storage/challenge-store.ts'
import { deliveryQueue } from '../storage/delivery-store.ts'
import { activationStore, appAskStore, deviceStore } from '../storage/device-store.ts'
import { directoryChallengeStore } from '../storage/directory-challenge-store.ts'
import { leaseStore } from '../storage/lease-store.ts'
import { passkeyChallengeStore, passkeyStore } from '../storage/passkey-store.ts'
import { pinStore } from '../storage/pin-store.ts'
import { promptStore } from '../storage/prompt-store.ts'
import { recoveryCodeStore } from '../storage/recovery-code-store.ts'
import { removalStore } from '../storage/removal-store.ts'
import { securityAnswerStore } from '../storage/security-answer-store.ts'
import { serviceAccountStore } from '../storage/service-account-store.ts'
import { sessionStore, signInStore } from '../storage/session-store.ts'
import type { Rows } from '../storage/sql/database.ts'
import { syncItemStore } from '../storage/sync-item-store.ts'
import { syncPeople } from '../storage/sync-people-store.ts'
import { syncRunLog } from '../storage/sync-run-store.ts'
import { takenReplyStore } from '../storage/taken-reply-store.ts'
import { knownAddressStore, throttleStore } from '../storage/throttle-store.ts'
import { tokenStore } from '../storage/token-store.ts'
import { userStore } from '../storage/user-store.ts'

/** All stores over one source of rows: the database for reading, or a unit of work for writing. */
export function storesOver(rows: Rows, ids: Ids) {
  return {
    users: userStore(rows),
    signIns: signInStore(rows),
    sessions: sessionStore(rows),
    challenges: challengeStore(rows),
    prompts: promptStore(rows),
    calls: callStore(rows),
    devices: deviceStore(rows),
    activations: activationStore(rows),
    asks: appAskStore(rows),
    askedTexts: askedTextStore(rows),
    takenReplies: takenReplyStore(rows),
    tokens: tokenStore(rows),
    pins: pinStore(rows),
    passkeys: passkeyStore(rows),
    passkeyChallenges: passkeyChallengeStore(rows),
    securityAnswers: securityAnswerStore(rows),
    recoveryCodes: recoveryCodeStore(rows),
    throttle: throttleStore(rows),
    known: knownAddressStore(rows),
    directoryChallenges: directoryChallengeStore(rows),
    deliveries: deliveryQueue(rows),
    serviceAccounts: serviceAccountStore(rows),
    leases: leaseStore(rows),
    people: syncPeople(rows),
    syncItems: syncItemStore(rows),
    syncRuns: syncRunLog(rows),
    removals: removalStore(rows),
    audit: auditLog(rows, ids),
  }
}

export type Stores = ReturnType<typeof storesOver>
