#!/usr/bin/env node
import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { Misconfigured } from './app/configured.ts'
import { version } from './app/version.ts'
import { auditVerify } from './cli/audit-verify.ts'
import {
  authenticatorActivate,
  authenticatorAnswer,
  authenticatorCode,
  authenticatorLeave,
  authenticatorListen,
  authenticatorPrompts,
} from './cli/authenticator.ts'
import { configCheck } from './cli/config-check.ts'
import { demo } from './cli/demo.ts'
import { directoryCommands } from './cli/directory-commands.ts'
import { directoryTest } from './cli/directory-test.ts'
import { fail } from './cli/fail.ts'
import { atHand, sourcesOf } from './cli/operator.ts'
import { serve } from './cli/serve.ts'
import { serviceAccountSet } from './cli/service-account.ts'
import { takingAway, tokenAssign, tokenList, tokenResync } from './cli/token.ts'
import { tokenImport } from './cli/token-import.ts'
import { Told, userAdd, userSetPassword, userStanding, userUnlock } from './cli/user.ts'
import { userImport } from './cli/user-import.ts'
import { userMode, userPin } from './cli/user-pin.ts'
import { roles } from './config/roles.ts'
import { FirstMethod } from './contract/shapes.ts'
import { errors } from './core/errors.ts'
import { systemClock } from './system.ts'

const { env } = process
const program = new Command('sallyport').description('Self-hosted multi-factor authentication').version(version)
program.showHelpAfterError('What there is to say is shown by the same command with --help.')

const installation = (command: Command) =>
  command
    .option('--config <file>', 'the configuration (default: sallyport.yaml)')
    .option('--data <folder>', 'the data folder')
const password = (command: Command) =>
  command
    .option('--password-stdin', 'read the password from a pipe')
    .option('--generate', 'make a password and print it')
const role = new Option('--role <role>', 'which part runs here').choices([...roles]).default('all')

installation(program.command('serve').description('run the server, or one part of it'))
  .addOption(role)
  .action((options) => serve(options, env))

program
  .command('demo')
  .description('run everything with sample accounts and a phone simulator, on this machine only')
  .option('--port <n>', 'the site; health and metrics have the one two above', port, 8080)
  .option('--data <folder>', 'keep what happens in this folder (default: a temporary one)')
  .option('--tls', 'serve HTTPS with a certificate made for it')
  .action((options) => demo(options, env))

const config = program.command('config').description('the configuration')
installation(config.command('check').description('every mistake at once, or the values in effect'))
  .addOption(role)
  .action(exits((options) => configCheck({ sources: sourcesOf(options, env), role: options.role, clock: systemClock })))

const user = program.command('user').description('users, from the command line')
password(installation(user.command('add <name>').description('add a user')))
  .option('--display-name <name>')
  .option('--mail <address>')
  .option('--phone <number>', 'with + and the country code; it counts without a text')
  .addOption(
    new Option(
      '--method <method>',
      'text, call: enrolled at once, by the phone; else what User Setup begins with',
    ).choices(FirstMethod.options),
  )
  .option('--language <tag>')
  .option('--call-language <tag>', 'of calls, where it is another')
  .option('--text-language <tag>', 'of texts')
  .option('--app-language <tag>', 'of the mobile app')
  .option('--oath-language <tag>', 'of OATH tokens')
  .action((name, options) => userAdd(name, options, env))
password(installation(user.command('set-password <name>').description('set a local password; asks for it'))).action(
  (name, options) => userSetPassword(name, options, env),
)
installation(user.command('pin <name>').description('set a PIN; asks for it'))
  .option('--stdin', 'read the PIN from a pipe')
  .option('--generate', 'make a PIN and print it')
  .option('--must-change', 'good for nothing but the choice of another')
  .option('--remove', 'the user has none any more')
  .action((name, options) => userPin(name, options, env))
installation(
  user.command('mode <name> <method> [mode]').description('how the user answers; without a mode as the settings say'),
).action((name, method, mode, options) => userMode(name, method, mode, options, env))
installation(user.command('unlock <name>').description('open the second step again, and lift a block')).action(
  (name, options) => userUnlock(name, options, env),
)
for (const [what, does] of [
  ['disable', 'the user cannot sign in any more, and is signed out everywhere'],
  ['enable', 'the user can sign in again'],
  ['remove', 'remove the user with all that is theirs'],
] as const)
  installation(user.command(`${what} <name>`).description(does)).action((name, options) =>
    userStanding(what, name, options, env),
  )
installation(user.command('import <file>').description('add users from a CSV file')).action(
  exits((file, options) => userImport(file, options, env)),
)

const token = program.command('token').description('hardware tokens (OATH)')
const maker = (command: Command) =>
  installation(command).option('--manufacturer <name>', 'needed only where two makers number alike')
installation(token.command('import <file>').description('take in a CSV or PSKC file; all of it or nothing'))
  .option('--key-file <file>', 'the pre-shared key of a PSKC file')
  .option('--passphrase-file <file>', 'its passphrase, on the first line')
  .option('--dry-run', 'only say what would come of it')
  .option('--partial', 'take what is right, whatever else is wrong')
  .action(exits((file, options) => tokenImport(file, options, env)))
installation(token.command('list').description('hardware tokens, and whose they are'))
  .addOption(new Option('--user <name>', 'those of one user').conflicts('unassigned'))
  .option('--unassigned', 'those that may be given out')
  .action((options) => tokenList(options, env))
maker(token.command('assign <serial> <user>').description('give a token to a user')).action((serial, name, options) =>
  tokenAssign(serial, name, options, env),
)
maker(token.command('unassign <serial>').description('take a token back; it may be given out again')).action(
  (serial, options) => takingAway('unassignToken')(serial, options, env),
)
maker(token.command('revoke <serial>').description('end a token for good')).action((serial, options) =>
  takingAway('revokeToken')(serial, options, env),
)
maker(
  token.command('resync <serial> <code> <next>').description('find a token that ran away, by two codes in a row'),
).action((serial, first, second, options) => tokenResync([serial, first, second], options, env))

const account = program.command('service-account').description('who may use the Web Service SDK')
for (const verb of ['add', 'set-password']) {
  installation(account.command(`${verb} <name>`).description('set a service account; makes a password and prints it'))
    .option('--password-stdin', 'read the password from a pipe')
    .action((name, options) => serviceAccountSet(name, options, env))
}

const directory = program.command('directory').description('the directory that checks passwords')
installation(directory.command('test').description('say step by step what works'))
  .option('--user <name>', 'look for somebody as well; asks for no password')
  .action(exits((options) => directoryTest(options, env)))

directoryCommands(directory, installation, env)

const authenticator = program.command('authenticator').description('a device of the mobile app, on the command line')
const device = (command: Command) =>
  command.option('--state <file>', 'where the device is kept (default: ~/.config/sallyport/authenticator.json)')
device(
  authenticator.command('activate <code>').description('make this machine a device; takes the link of the picture too'),
)
  .option('--url <address>', 'the address shown beside the code')
  .option('--name <name>', 'what the person calls this device (default: the name of the machine)')
  .option('--ca <file>', 'PEM file with the CA of the server, where the system does not trust it')
  .option('--fingerprint <sha256>', 'trust just the certificate with this fingerprint')
  .action((code, options) => authenticatorActivate(code, options, env))
device(authenticator.command('listen').description('show each question as it comes, and ask what to answer')).action(
  (options) => authenticatorListen(options, env),
)
device(authenticator.command('prompts').description('what is asked now'))
  .option('--json', 'for scripts')
  .action((options) => authenticatorPrompts(options, env))
device(authenticator.command('answer').description('answer a question; "now" is the one that is asked'))
  .argument('<prompt>')
  .addArgument(new Argument('<verdict>').choices(['approve', 'deny', 'fraud']))
  .option('--number <digits>', 'the two digits of the waiting page')
  .option('--pin', 'ask for the PIN, or read it from a pipe')
  .action((prompt, verdict, options) => authenticatorAnswer(prompt, verdict, options, env))
for (const verdict of ['deny', 'fraud'] as const) {
  const meaning = verdict === 'deny' ? 'say no to a question' : 'say no to a question, and report it as fraud'
  device(authenticator.command(`${verdict} <prompt>`).description(meaning)).action((prompt, options) =>
    authenticatorAnswer(prompt, verdict, options, env),
  )
}
device(authenticator.command('code').description('the code of now, without a network')).action((options) =>
  authenticatorCode(options, env),
)
device(authenticator.command('leave').description('take this device off the account')).action((options) =>
  authenticatorLeave(options, env),
)

const audit = program.command('audit').description('the audit log')
installation(audit.command('verify').description('check that nothing in it was changed or removed'))
  .option('--known <note>', 'what an earlier run said to keep')
  .action(
    exits(({ known, ...options }) =>
      atHand(options, env, async ({ engine, database }) => auditVerify({ database, keyring: engine.sealing, known })),
    ),
  )

try {
  await program.parseAsync()
} catch (error) {
  process.exit(said(error))
}

/** The one place where the program ends with anything but 0. */
function said(error: unknown): number {
  if (error instanceof Misconfigured) {
    console.error(error.message)
    return errors['config.wrong'].exit
  }
  if (error instanceof Told) {
    console.error(`sallyport: ${error.message}`)
    return 1
  }
  return fail(error)
}

function exits<A extends unknown[]>(verb: (...all: A) => Promise<number>) {
  return async (...all: A) => {
    process.exitCode = await verb(...all)
  }
}

function port(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 65_533)
    throw new InvalidArgumentError('A port is a number from 1 to 65533.')
  return number
}
