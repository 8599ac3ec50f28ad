import { refusals } from '../contract/refusals.ts'
import { atHand, type Installation, operator } from './operator.ts'
import { passwordFrom, Told } from './user.ts'

type How = { passwordStdin?: boolean }

/** `sallyport service-account add NAME` and `set-password NAME`: a password is made unless one comes through a pipe. */
export async function serviceAccountSet(
  name: string,
  { passwordStdin = false, ...installation }: How & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const password = await passwordFrom({ passwordStdin, generate: !passwordStdin }, name)
  await atHand(installation, env, async ({ engine }) => {
    const answer = await engine.api.setServiceAccount(operator, { name, password: password.text })
    if (!answer.ok) {
      throw new Told(
        answer.refusal === 'input.malformed'
          ? 'Names have 1 to 64 letters, digits or . _ @ \\ -, and passwords at least 16 characters.'
          : refusals[answer.refusal],
      )
    }
    console.log(
      `The service account ${name} is set.${password.made ? `\nWEB_SERVICE_SDK_AUTHENTICATION_PASSWORD=${password.text}` : ''}`,
    )
  })
}
