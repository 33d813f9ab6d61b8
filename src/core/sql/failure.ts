// How analysis and evaluation refuse: a SqlFailure is thrown inside one call of `analyse` or `runExecution` and
// leaves them as a value, never as an exception.

/** What is said beside the message of an error about a constraint. */
export interface ErrorAbout {
  readonly detail: string;
  /** The table whose constraint it is, with its schema (relation-name.ts). */
  readonly table: string;
}

/** A failure as a client gets it. */
export interface SqlError {
  readonly sqlstate: string;
  readonly message: string;
  /** 1-based character position in the statement's text, or null. */
  readonly position: number | null;
  readonly about?: ErrorAbout;
}

/** No position in the statement's text. */
export const NOWHERE = -1;

/** `at` is a byte offset into the statement's text as libpg_query counts, or NOWHERE. */
export class SqlFailure extends Error {
  override name = 'SqlFailure';
  readonly sqlstate: string;
  readonly at: number;
  readonly about: ErrorAbout | undefined;
  constructor(sqlstate: string, message: string, at = NOWHERE, about?: ErrorAbout) {
    super(message);
    this.sqlstate = sqlstate;
    this.at = at;
    this.about = about;
  }
}

export function fail(sqlstate: string, message: string, at = NOWHERE): never {
  throw new SqlFailure(sqlstate, message, at);
}

/** With what is said beside the message. */
export function failAbout(sqlstate: string, message: string, about: ErrorAbout): never {
  throw new SqlFailure(sqlstate, message, NOWHERE, about);
}

/** A failure while a statement runs, as a value: it has no place in the text. */
export const runError = ({ sqlstate, message, about }: SqlFailure): SqlError => ({
  sqlstate,
  message,
  position: null,
  ...(about !== undefined && { about }),
});

/** 0A000: PostgreSQL has it, the lab does not. Names the construct; one without a place is the statement's beginning. */
export function unsupported(construct: string, at = NOWHERE): never {
  throw new SqlFailure('0A000', `${construct} is not supported`, at === NOWHERE ? 0 : at);
}

/** The failure as a value; `base` is the number of characters before the statement in what the client sent. */
export function toSqlError({ sqlstate, message, at }: SqlFailure, text: string, base: number): SqlError {
  return { sqlstate, message, position: at < 0 ? null : base + characterAt(text, at) + 1 };
}

/** Number of characters (code points) before the byte offset in the text's UTF-8 form. */
function characterAt(text: string, byteOffset: number): number {
  let bytes = 0;
  let characters = 0;
  for (let i = 0; i < text.length && bytes < byteOffset; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xdc00) {
      bytes += 4;
      i += 1;
    } else bytes += 3;
    characters += 1;
  }
  return characters;
}

/** 25P02: what a statement is answered in a transaction that has failed. */
export const IN_FAILED = 'current transaction is aborted, commands ignored until end of transaction block';
