// Assertions for programmer's errors. They stay on everywhere; what the world does wrong is a value, never this.

export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** Throws when `condition` is false. The message says which invariant broke. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The value, or an assertion error naming what was missing. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AssertionError(`missing ${what}`);
  return value;
}

/** For the end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}
