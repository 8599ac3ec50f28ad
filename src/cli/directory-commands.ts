import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { languages } from '../contract/languages.ts'
import { ItemRules, PhoneSource } from '../contract/operate-sync.ts'
import { directoryFind, directoryPreview } from './directory-find.ts'
import {
  directoryItemAdd,
  directoryItemChange,
  directoryItemFirst,
  directoryItemRemove,
  directoryItems,
} from './directory-items.ts'
import { directoryApprove, directoryReject, directoryRuns, directorySync, directoryWaiting } from './directory-sync.ts'

type Installed = (command: Command) => Command

/** The verbs of import and synchronisation, below `sallyport directory`. */
export function directoryCommands(directory: Command, installation: Installed, env: NodeJS.ProcessEnv): void {
  itemCommands(directory, installation, env)
  installation(directory.command('find').description('containers or groups, for choosing whom to import'))
    .addArgument(new Argument('<what>').choices(['containers', 'groups']))
    .argument('<text>', 'a part of the name')
    .action((what, text, options) => directoryFind(what, text, options, env))
  installation(
    directory.command('preview <item>').description('the first people of an item, and what they would become'),
  )
    .option('--most <n>', 'how many (default: 20)', upTo(200))
    .action((item, options) => directoryPreview(item, options, env))
  installation(directory.command('sync').description('synchronise users with the directory, now'))
    .option('--whole', 'read everybody, and not only who has changed')
    .option('--item <name>', 'read this item whole')
    .option('--dry-run', 'only say what would come of it')
    .action(async (options) => {
      process.exitCode = await directorySync(options, env)
    })
  installation(directory.command('runs').description('how it went'))
    .option('--most <n>', 'how many (default: 20)', upTo(100))
    .option('--details', 'what became of whom, and who was left out and why')
    .action((options) => directoryRuns(options, env))
  installation(directory.command('waiting').description('who waits to be disabled or removed')).action((options) =>
    directoryWaiting(options, env),
  )
  installation(directory.command('approve <list>').description('disable and remove them')).action(
    async (list, options) => {
      process.exitCode = await directoryApprove(list, options, env)
    },
  )
  installation(directory.command('reject <list>').description('keep them')).action((list, options) =>
    directoryReject(list, options, env),
  )
}

function itemCommands(directory: Command, installation: Installed, env: NodeJS.ProcessEnv): void {
  installation(directory.command('items').description('whom to import, in order of priority')).action((options) =>
    directoryItems(options, env),
  )
  const item = directory.command('item').description('whom to import, and what becomes of them')
  settings(installation(item.command('add <name>').description('import more people'))).action((name, options) =>
    directoryItemAdd(name, options, env),
  )
  settings(
    installation(item.command('change <name>').description('what is given replaces what was; "none" empties it')),
  )
    .option('--name <name>', 'another name')
    .action((name, options) => directoryItemChange(name, options, env))
  installation(item.command('first <name>').description('put it before all others')).action((name, options) =>
    directoryItemFirst(name, options, env),
  )
  installation(item.command('remove <name>').description('import them no longer; those who are here stay')).action(
    (name, options) => directoryItemRemove(name, options, env),
  )
}

function upTo(most: number) {
  return (text: string): number => {
    const number = Number(text)
    if (Number.isInteger(number) && number >= 1 && number <= most) return number
    throw new InvalidArgumentError(`It is a number from 1 to ${most}.`)
  }
}

const { method, modes, newcomers } = ItemRules.shape
const { text, call, app, oath } = modes.unwrap().shape
const phones = PhoneSource.options.join(',')

function settings(command: Command): Command {
  return command
    .option('--base <dn>', 'the container')
    .option('--group <dn>', 'only members of this group, and of groups in it')
    .option('--filter <filter>', 'only who matches this LDAP filter')
    .addOption(
      new Option('--method <method>', 'their second step: text and call by the number that comes along').choices([
        ...method.unwrap().options,
        'none',
      ]),
    )
    .addOption(modeOption('text', 'a text', text.unwrap().options))
    .addOption(modeOption('call', 'a call', call.unwrap().options))
    .addOption(modeOption('app', 'in the mobile app', app.unwrap().options))
    .addOption(modeOption('oath', 'with an OATH token', oath.unwrap().options))
    .option('--phones <list>', `which of ${phones}: the first usable one counts (default: mobile,business)`)
    .option('--backup-phones <list>', 'the same for the phone that is called when the first is not answered')
    .option('--language <tag>', `of those of whom the directory says none: ${languages.join(' or ')}`)
    .option('--call-language <tag>', 'the same for calls, where it is another')
    .option('--text-language <tag>', 'the same for texts')
    .option('--app-language <tag>', 'the same for the mobile app')
    .option('--oath-language <tag>', 'the same for OATH tokens')
    .option('--user-group <name>', 'of those of whom it says none')
    .option(
      '--follow <list>',
      'what follows the directory: names,mail,details,language,phone (default: the first three)',
    )
    .addOption(new Option('--vanished <what>', 'who is gone from the directory').choices(['disable', 'remove']))
    .addOption(
      new Option('--newcomers <state>', 'disabled: until "sallyport user enable"').choices(newcomers.unwrap().options),
    )
    .option('--mail', 'mail new people how to begin')
    .option('--no-mail', 'do not')
}

function modeOption(method: string, what: string, modes: readonly string[]): Option {
  const says = `how they answer ${what}; without it as the settings say`
  return new Option(`--${method}-mode <mode>`, says).choices([...modes, 'none'])
}
