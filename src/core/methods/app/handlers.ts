import { listDevices, type OwnDeviceNeeds, removeDevice, renameDevice } from '../../accounts/devices.ts'
import { type ActivationNeeds, offerActivation, readActivation } from '../../enrolment/activation.ts'
import { type AppProofNeeds, finishAppProof, startAppProof } from '../../enrolment/app.ts'
import { askerOf } from '../../enrolment/asker.ts'
import type { Handlers } from '../../gate.ts'
import { awaitChange } from '../../second-step/await.ts'
import { type ActivateNeeds, activateDevice } from './activate.ts'
import { type AppAnswerNeeds, answerPrompt } from './answer.ts'
import { type DeviceNeeds, leaveAccount, nameDevice, readDevice, setDevicePush } from './own.ts'
import { listPrompts, type QuestionNeeds, questionsFor } from './questions.ts'

export type AppNeeds = {
  activation: ActivationNeeds
  proof: AppProofNeeds
  own: OwnDeviceNeeds
  activate: ActivateNeeds
  device: DeviceNeeds
  questions: QuestionNeeds
  answer: AppAnswerNeeds
  waiting: Parameters<typeof awaitChange>[0]
}

type AppOperation =
  | 'offerActivation'
  | 'readActivation'
  | 'awaitActivation'
  | 'startAppProof'
  | 'finishAppProof'
  | 'listDevices'
  | 'renameDevice'
  | 'removeDevice'
  | 'activateDevice'
  | 'readDevice'
  | 'listPrompts'
  | 'awaitPrompts'
  | 'answerPrompt'
  | 'setDevicePush'
  | 'nameDevice'
  | 'leaveAccount'

/** Of devices many more may wait than of pages: an app that is open waits all the time. */
const LOOK_EVERY_MS = 1_000

/** What the contract has of the mobile app. */
export function appHandlers(needs: AppNeeds): Pick<Handlers, AppOperation> {
  const { activation, proof, own, activate, device, questions, answer, waiting } = needs
  return {
    offerActivation: (who, input, from) => offerActivation(activation, askerOf(who), input, from),
    readActivation: (who) => readActivation(activation, askerOf(who)),
    awaitActivation: async (who, since) => {
      const view = await awaitChange(waiting, since, async () => {
        const answered = await readActivation(activation, askerOf(who))
        return answered.ok ? answered.value : undefined
      })
      return { ok: true, value: { stamp: view?.stamp ?? '' } }
    },
    startAppProof: (who, _input, from) => startAppProof(proof, askerOf(who), from),
    finishAppProof: (who, _input, from) => finishAppProof(proof, askerOf(who), from),
    listDevices: (who) => listDevices(own, who),
    renameDevice: (who, input, from) => renameDevice(own, who, input, from),
    removeDevice: (who, input, from) => removeDevice(own, who, input, from),

    activateDevice: (_who, input, from) => activateDevice(activate, input, from),
    readDevice: (who) => readDevice(device, who),
    listPrompts: (who) => listPrompts(questions, who),
    awaitPrompts: async (who, since) => {
      const look = async () => ((await device.devices.find(who.deviceId)) ? questionsFor(questions, who) : undefined)
      const value = await awaitChange({ ...waiting, lookEveryMs: LOOK_EVERY_MS }, since, look)
      return value ? { ok: true, value } : { ok: false, refusal: 'caller.refused' }
    },
    answerPrompt: (who, input, from) => answerPrompt(answer, who, input, from),
    setDevicePush: (who, input, from) => setDevicePush(device, who, input, from),
    nameDevice: (who, input, from) => nameDevice(device, who, input, from),
    leaveAccount: (who, _input, from) => leaveAccount(device, who, from),
  }
}
