// Assertions for programmer's errors. They stay on everywhere; what the world does wrong is a value, never this.

export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** `which` apart from the text: putting them together costs more than the test, where it is made a million times. */
const say = (what: string, which: string | number): string => (which === '' ? what : `${what} ${which}`);

/** Throws when `condition` is false. The message says which invariant broke. */
export function assert(condition: unknown, message: string, which: string | number = ''): asserts condition {
  if (!condition) throw new AssertionError(say(message, which));
}

/** The value, or an assertion error naming what was missing. */
export function present<T>(value: T | undefined | null, what: string, which: string | number = ''): T {
  if (value === undefined || value === null) throw new AssertionError(`missing ${say(what, which)}`);
  return value;
}

/** For the end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}
