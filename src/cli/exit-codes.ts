// What the command line answers to its caller.

export const exitCodes = { ok: 0, violation: 1, usage: 2, harness: 70 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Whether `parseArgs` has refused a command line. */
export const isArgumentError = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
