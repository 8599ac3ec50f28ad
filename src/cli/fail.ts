import { describeMistakes, type Mistake, printable } from '../config/mistake.ts'
import { AppError, type ErrorKind, errors } from '../core/errors.ts'

/** sysexits(3): what a script can tell apart. */
const EXIT: Record<ErrorKind, number> = { unavailable: 69, busy: 75, misconfigured: 78, broken: 70 }
const EXIT_OF_A_DEFECT = EXIT.broken

type Print = (line: string) => void

/** Says in one line on the error output why the program ends. Returns the exit code; only `main.ts` exits. */
export function fail(error: unknown, print: Print = console.error): number {
  if (error instanceof AppError) {
    print(printable(`sallyport: ${error.message} ${errors[error.code].remedy} [${error.code}]`))
    return exitCode(error)
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  print(printable(`sallyport: this is a defect of Sallyport, please report it: ${what}${whereOf(error)}`))
  return EXIT_OF_A_DEFECT
}

/** All mistakes of the configuration, each with its line. */
export function failOfMistakes(mistakes: readonly Mistake[], print: Print = console.error): number {
  print(describeMistakes(mistakes))
  return errors['config.wrong'].exit
}

function exitCode({ code, kind }: AppError): number {
  const row = errors[code]
  return 'exit' in row ? row.exit : EXIT[kind]
}

function whereOf(error: unknown): string {
  const frame = error instanceof Error ? error.stack?.split('\n').find((line) => /^\s+at /.test(line)) : undefined
  return frame === undefined ? '' : ` (${frame.trim()})`
}
