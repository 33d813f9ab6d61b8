// What was thrown, as an error and in its words: anything can be thrown, also by a library.

export const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

export const messageOf = (thrown: unknown): string => errorOf(thrown).message;
