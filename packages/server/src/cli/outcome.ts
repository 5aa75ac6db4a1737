import { errors, Failure } from '@belfry/protocol'

/** Refused, or wrong arguments: the same again will not help. Commander ends with it too. */
const FAILED = 1
/** `EX_TEMPFAIL` of sysexits.h: the same again may help. */
const TRY_AGAIN = 75

/** Runs the work of one command. What goes wrong is one sentence on stderr and an exit code; nothing is thrown. */
export function reported<A extends unknown[]>(work: (...args: A) => void | Promise<void>) {
  return async (...args: A): Promise<void> => {
    try {
      await work(...args)
    } catch (error) {
      process.stderr.write(`belfry: ${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = error instanceof Failure && errors[error.code].retry ? TRY_AGAIN : FAILED
    }
  }
}

/** Results go to stdout, one per line, so that scripts can read them. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Everything else that a person may want to know. */
export function remark(line: string): void {
  process.stderr.write(`${line}\n`)
}
