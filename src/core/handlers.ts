import type { Answer } from '../contract/contract.ts'
import type { Method } from '../contract/shapes.ts'
import { chooseLanguage, chooseMethod } from './accounts/change.ts'
import { listPasskeys, removePasskey, renamePasskey } from './accounts/passkeys.ts'
import { answerOwnQuestions, type QuestionNeeds, readQuestions } from './accounts/questions.ts'
import { listActivity, readAccount } from './accounts/read.ts'
import { makeRecoveryCodes, type RecoveryNeeds } from './accounts/recovery.ts'
import { removeToken } from './accounts/tokens.ts'
import { askerOf } from './enrolment/asker.ts'
import { type CallProofNeeds, finishCallProof, proveCall, readCallProof, removeBackupPhone } from './enrolment/call.ts'
import { confirmPasskey, offerPasskey, type PasskeyNeeds } from './enrolment/passkey.ts'
import { confirmPhone, finishPhoneProof, type PhoneNeeds, provePhone, readPhoneProof } from './enrolment/phone.ts'
import { readSetup } from './enrolment/setup.ts'
import { confirmToken } from './enrolment/token.ts'
import { enterToken, offerToken, readTokenOffer, type TokenNeeds } from './enrolment/token-offer.ts'
import type { Handlers, WhoFor } from './gate.ts'
import { type AppNeeds, appHandlers } from './methods/app/handlers.ts'
import { sendCode } from './methods/text/send-code.ts'
import { chooseOwnPin, type OwnPinNeeds, readPin } from './pin/choose.ts'
import { type OperatePinNeeds, removePin, setMode, setPin } from './pin/operate.ts'
import { isReplyMode, modeOf } from './policy/modes.ts'
import { finishSecondStep } from './prompts/finish.ts'
import { type StartNeeds, startPrompt } from './prompts/start.ts'
import { awaitChange } from './second-step/await.ts'
import { lockOf } from './second-step/lock.ts'
import { answerPasskey, askPasskey } from './second-step/passkey.ts'
import { answerQuestions } from './second-step/questions.ts'
import { resyncToken } from './second-step/resync.ts'
import { answerSecondStep } from './second-step/typed.ts'
import { type Transaction, viewSecondStep, viewText } from './second-step/view.ts'
import { setServiceAccount } from './service-accounts/service-account.ts'
import { signOut } from './sessions/sign-out.ts'
import type { SettingsSource } from './settings/settings.ts'
import { answerDirectoryChallenge } from './sign-in/answer-challenge.ts'
import { beginSignIn } from './sign-in/begin.ts'
import { type ChangePasswordNeeds, changeExpiredPassword } from './sign-in/change-password.ts'
import { readDirectoryChallenge } from './sign-in/directory-challenge.ts'
import { beginIntegratedSignIn } from './sign-in/integrated.ts'
import { beginPasskeySignIn, finishPasskeySignIn } from './sign-in/passkey.ts'
import { syncHandlers } from './sync/handlers.ts'
import type { SyncNeeds } from './sync/needs.ts'
import { assignToken, type HardwareNeeds, resyncTokenOf, revokeToken, unassignToken } from './tokens/hardware.ts'
import { type ImportNeeds, importTokens } from './tokens/import.ts'
import { type ListNeeds, listTokens } from './tokens/list.ts'
import { addUser, setPassword, unlockUser } from './users/operate.ts'
import { disableUser, enableUser, removeUser } from './users/standing.ts'

/** What the subjects need, each as its own functions say it. */
export type HandlerNeeds = {
  begin: Parameters<typeof beginSignIn>[0]
  changePassword: ChangePasswordNeeds
  secondStep: Parameters<typeof viewSecondStep>[0] &
    Parameters<typeof answerSecondStep>[0] &
    Parameters<typeof answerQuestions>[0] &
    Parameters<typeof resyncToken>[0] &
    Parameters<typeof finishSecondStep>[0] &
    Parameters<typeof awaitChange>[0]
  phone: PhoneNeeds
  prompts: StartNeeds
  call: CallProofNeeds
  token: TokenNeeds
  app: AppNeeds
  hardware: HardwareNeeds & ImportNeeds & ListNeeds
  passkey: PasskeyNeeds &
    Parameters<typeof askPasskey>[0] &
    Parameters<typeof beginPasskeySignIn>[0] &
    Parameters<typeof removePasskey>[0]
  pin: OwnPinNeeds & OperatePinNeeds
  account: Parameters<typeof readAccount>[0] & Parameters<typeof chooseMethod>[0]
  questions: QuestionNeeds
  recovery: RecoveryNeeds
  leave: Parameters<typeof signOut>[0]
  operate: Parameters<typeof addUser>[0] & Parameters<typeof removeUser>[0]
  serviceAccounts: Parameters<typeof setServiceAccount>[0]
  sync: SyncNeeds
  settings: SettingsSource
  version: string
}

/** Every row of the contract and what answers it. */
export function handlers(needs: HandlerNeeds): Handlers {
  const { begin, secondStep, prompts, phone, call, app, token, passkey, pin, account } = needs
  const { questions, recovery, leave, operate, settings } = needs
  const look = (who: Stepping, way: Method | undefined) => viewSecondStep(secondStep, transactionOf(who), way)

  return {
    readSite: async () => ok({ ...siteOf(settings), appUrl: needs.app.activation.appUrl() }),
    readMe: async (who) => ok({ level: 'userId' in who && who.level !== 'device' ? who.level : 'anyone' }),
    readServer: async () => ok({ version: needs.version, at: secondStep.clock.now().toISOString() }),

    beginSignIn: (_who, input, from) => beginSignIn(begin, input, from),
    readDirectoryChallenge: (_who, { challenge }) => readDirectoryChallenge(begin, challenge),
    beginIntegratedSignIn: (who, _input, from) => beginIntegratedSignIn(begin, who.username, from),
    changeExpiredPassword: (_who, input, from) => changeExpiredPassword(needs.changePassword, input, from),
    answerDirectoryChallenge: (_who, input, from) => answerDirectoryChallenge(begin, input, from),
    readSecondStep: async (who, { way }) => orNoWay(await look(who, way)),
    awaitSecondStep: async (who, { way, ...since }) =>
      orNoWay(await awaitChange(secondStep, since, () => look(who, way))),
    sendText: (who, _input, from) => sendSecondStep(needs, who, from),
    answerSecondStep: (who, input, from) => answerSecondStep(secondStep, transactionOf(who), input, from),
    signOut: (who, input, from) => signOut(leave, who, input, from),

    readSetup: (who) => readSetup(pin, who),
    provePhone: (who, input, from) => provePhone(phone, askerOf(who), input, from),
    readPhoneProof: (who) => readPhoneProof(phone, askerOf(who)),
    awaitPhoneProof: async (who, since) => {
      const view = await awaitChange(secondStep, since, async () => answered(await readPhoneProof(phone, askerOf(who))))
      return ok({ stamp: view?.stamp ?? '' })
    },
    confirmPhone: (who, input, from) => confirmPhone(phone, askerOf(who), input, from),
    finishPhoneProof: (who, _input, from) => finishPhoneProof(phone, askerOf(who), from),
    startPrompt: (who, input, from) => startPrompt(prompts, transactionOf(who), input, from),
    finishSecondStep: (who, input, from) => finishSecondStep(secondStep, transactionOf(who), input, from),
    proveCall: (who, input, from) => proveCall(call, askerOf(who), input, from),
    readCallProof: (who) => readCallProof(call, askerOf(who)),
    awaitCallProof: async (who, since) => {
      const view = await awaitChange(secondStep, since, async () => answered(await readCallProof(call, askerOf(who))))
      return ok({ stamp: view?.stamp ?? '' })
    },
    finishCallProof: (who, _input, from) => finishCallProof(call, askerOf(who), from),
    removeBackupPhone: (who, _input, from) => removeBackupPhone(call, askerOf(who), from),

    ...appHandlers(app),

    offerToken: (who, _input, from) => offerToken(token, askerOf(who), from),
    readTokenOffer: (who) => readTokenOffer(token, askerOf(who)),
    enterToken: (who, input, from) => enterToken(token, askerOf(who), input, from),
    confirmToken: (who, input, from) => confirmToken(token, askerOf(who), input, from),
    removeToken: (who, _input, from) => removeToken(token, askerOf(who), from),
    resyncToken: (who, input, from) => resyncToken(secondStep, transactionOf(who), input, from),
    chooseMethod: (who, input, from) => chooseMethod(account, who, input, from),

    offerPasskey: (who, _input, from) => offerPasskey(passkey, askerOf(who), from),
    confirmPasskey: (who, input, from) => confirmPasskey(passkey, askerOf(who), input, from),
    listPasskeys: (who) => listPasskeys(passkey, who),
    renamePasskey: (who, input, from) => renamePasskey(passkey, who, input, from),
    removePasskey: (who, input, from) => removePasskey(passkey, who, input, from),
    askPasskey: (who) => askPasskey(passkey, transactionOf(who)),
    answerPasskey: (who, input, from) => answerPasskey(passkey, transactionOf(who), input, from),
    beginPasskeySignIn: (_who, _input, from) => beginPasskeySignIn(passkey, from),
    finishPasskeySignIn: (_who, input, from) => finishPasskeySignIn(passkey, input, from),

    answerQuestions: (who, input, from) => answerQuestions(secondStep, transactionOf(who), input, from),
    readQuestions: (who, _input, from) => readQuestions(questions, who, from),
    answerOwnQuestions: (who, input, from) => answerOwnQuestions(questions, who, input, from),
    makeRecoveryCodes: (who, _input, from) => makeRecoveryCodes(recovery, who, from),
    readPin: (who) => readPin(pin, who),
    choosePin: (who, input, from) => chooseOwnPin(pin, who, input, from),

    readAccount: (who) => readAccount(account, who),
    listActivity: (who, input) => listActivity(account, who, input),
    chooseLanguage: (who, input, from) => chooseLanguage(account, who, input, from),

    importTokens: (_who, input) => importTokens(needs.hardware, input),
    listTokens: (_who, input) => listTokens(needs.hardware, input),
    assignToken: (_who, input) => assignToken(needs.hardware, input),
    unassignToken: (_who, input) => unassignToken(needs.hardware, input),
    revokeToken: (_who, input) => revokeToken(needs.hardware, input),
    resyncTokenOf: (_who, input) => resyncTokenOf(needs.hardware, input),
    addUser: (_who, input) => addUser(operate, input),
    setPassword: (_who, input) => setPassword(operate, input),
    unlockUser: (_who, input) => unlockUser(operate, input),
    disableUser: (_who, input) => disableUser(operate, input),
    enableUser: (_who, input) => enableUser(operate, input),
    removeUser: (_who, input) => removeUser(operate, input),
    setPin: (_who, input) => setPin(pin, input),
    removePin: (_who, input) => removePin(pin, input),
    setMode: (_who, input) => setMode(pin, input),
    ...syncHandlers(needs.sync),
    setServiceAccount: (_who, input) => setServiceAccount(needs.serviceAccounts, input),
  }
}

type Stepping = WhoFor<'half signed in' | 'signed in'>

function transactionOf(who: Stepping): Transaction {
  return who.level === 'half signed in'
    ? { userId: who.userId, id: who.signInId, purpose: 'sign-in' }
    : { userId: who.userId, id: who.sessionId, purpose: 'step-up' }
}

/** An operator may take the last way: a lost token must not work a minute longer because there is nothing else. */
function orNoWay<T>(value: T | undefined): { ok: true; value: T } | { ok: false; refusal: 'way-in.none' } {
  return value === undefined ? { ok: false, refusal: 'way-in.none' } : { ok: true, value }
}

function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}

function answered<T>(answer: { ok: true; value: T } | { ok: false }): T | undefined {
  return answer.ok ? answer.value : undefined
}

async function sendSecondStep(
  { secondStep, phone }: HandlerNeeds,
  who: Stepping,
  from: Parameters<Handlers['sendText']>[2],
): Promise<Answer<'sendText'>> {
  const { users, settings, clock } = secondStep
  const user = await users.find(who.userId)
  const isTyped = user && !isReplyMode(modeOf('text', user.modes, settings.current()))
  if (user?.method !== 'text' || !user.phone || !isTyped) return { ok: false, refusal: 'method.unavailable' }

  const locked = lockOf(user, settings.current()['lock.budget'], clock.now())
  if (locked) return ok({ outcome: 'locked', ...locked })

  const transactionId = transactionOf(who).id
  const sent = await sendCode(phone.texts, { user, transactionId, purpose: 'second-step', phone: user.phone, from })
  if (sent.outcome === 'wait') return ok({ outcome: 'wait', until: sent.until.toISOString() })
  const text = await viewText(secondStep, user, transactionId, 'second-step', clock.now())
  return text ? ok({ outcome: 'texted', text }) : { ok: false, refusal: 'method.unavailable' }
}

function siteOf(settings: SettingsSource) {
  const current = settings.current()
  return {
    companyName: current['company.name'],
    accent: current['company.accent'],
    logo: current['company.logo'],
    helpLine: current['company.help_line'],
    logInAllowed: current['portal.allow_log_in'],
    passkeySignIn: current['portal.passkey_sign_in'],
    language: current['company.language'],
    timeZone: current['company.time_zone'],
  }
}
