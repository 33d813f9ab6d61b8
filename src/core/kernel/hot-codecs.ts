// Codecs of the messages that nearly all traffic consists of, written out: the same bytes as their layouts, several times
// as fast, and every value of one kind has one shape. hot-codecs.test.ts holds them to the layouts.

import {
  BadBytes,
  type ByteReader,
  type ByteWriter,
  readBytes,
  readInt,
  readKeptView,
  readText,
  readU8,
  readUint,
  writeBytes,
  writeInt,
  writeText,
  writeU8,
  writeUint,
} from '../../base/bytes.ts';
import {
  blob,
  bool,
  type Codec,
  type Infer,
  int,
  list,
  MAX_ITEMS,
  nullable,
  struct,
  text,
  uint,
  union,
  variant,
} from '../../base/codec.ts';
import type { GroupId, Lsn, Term } from '../../base/ids.ts';
import { epochs, floors, group, lsn, refused, term } from './fields.ts';

/** A statement whole, or (text and tree empty) the number under which its driver has sent it before (FENCE-55). */
const sentStatement = struct({ id: uint, text, tree: blob });
export type SentStatement = Infer<typeof sentStatement>;
/** A statement with more bytes in text and tree is sent whole every time. */
export const KEPT_STATEMENT_BYTES = 16_384;

const column = struct({ name: text, type: text });
const rowOrigin = nullable(struct({ relation: uint, readPoint: int, tids: list(int) }));
const errorFields = { sqlstate: text, message: text, position: nullable(uint) };
const sentResult = union({
  rows: variant(0, { tag: text, columns: list(column), rows: list(list(nullable(text))), origin: rowOrigin }),
  done: variant(1, { tag: text }),
  error: variant(2, errorFields),
  detailed: variant(3, { ...errorFields, about: struct({ detail: text, table: text }) }),
});
/** One statement's outcome. An error about a constraint has a kind of its own on the wire, for what is said beside its message. */
type StatementResult =
  | Exclude<Infer<typeof sentResult>, { kind: 'error' | 'detailed' }>
  | (Extract<Infer<typeof sentResult>, { kind: 'error' }> & {
      readonly about?: { detail: string; table: string };
    });
const statementResult: Codec<StatementResult> = {
  encode: (w, result) =>
    sentResult.encode(
      w,
      result.kind === 'error' && result.about !== undefined
        ? { ...result, about: result.about, kind: 'detailed' }
        : result,
    ),
  decode: (r) => {
    const sent = sentResult.decode(r);
    return sent.kind === 'detailed' ? { ...sent, kind: 'error' } : sent;
  },
};

/** `code`: empty when `results` are the answer; otherwise RECOVERING, FENCED, COMMIT_UNKNOWN, NOT_PRIMARY, TXN_ABORTED_FAILOVER or UNKNOWN_STATEMENT. */
export const sqlReplyFields = {
  session: text,
  incarnation: uint,
  sequence: uint,
  code: text,
  scn: lsn,
  results: list(statementResult),
  inTransaction: bool,
};
export const sqlRequestFields = {
  volume: text,
  session: text,
  incarnation: uint,
  sequence: uint,
  attempt: uint,
  statements: list(sentStatement),
  params: list(nullable(text)),
  /** The client's last reply left a transaction open: a writer that does not have it answers TXN_ABORTED_FAILOVER. */
  inTransaction: bool,
};

/** The end of a range `[first, end)`; on the wire the LSN of its last record. */
function writeEnd(w: ByteWriter, end: number): void {
  writeInt(w, end - 1);
}
const readEnd = (r: ByteReader): number => readInt(r) + 1;
const lsnEnd: Codec<number> = { encode: writeEnd, decode: readEnd };

export const layouts = {
  WriteBatch: struct({
    volume: text,
    group,
    ...epochs,
    ...floors,
    records: blob,
    first: lsn,
    end: lsnEnd,
    count: uint,
  }),
  /** `archivedTo`: of the group's archiver, else −1. */
  WriteAck: struct({
    group,
    token: term,
    memberEpoch: uint,
    scl: lsn,
    nwl: lsn,
    archivedTo: lsn,
    refused: nullable(refused),
  }),
  SqlRequest: struct(sqlRequestFields),
  SqlReply: struct(sqlReplyFields),
};

type Body<K extends keyof typeof layouts> = Infer<(typeof layouts)[K]>;

function readCount(r: ByteReader): number {
  const count = readUint(r);
  if (count > MAX_ITEMS || count > r.end - r.at + 1) throw new BadBytes(`list of ${count} at ${r.at}`);
  return count;
}

function readBool(r: ByteReader): boolean {
  const byte = readU8(r);
  if (byte > 1) throw new BadBytes(`boolean ${byte} at ${r.at}`);
  return byte === 1;
}

const readLsn = (r: ByteReader): Lsn => readInt(r) as Lsn;
const readGroup = (r: ByteReader): GroupId => readText(r) as GroupId;
const readTerm = (r: ByteReader): Term => readUint(r) as Term;

export const writeBatch: Codec<Body<'WriteBatch'>> = {
  encode: (w, m) => {
    writeText(w, m.volume);
    writeText(w, m.group);
    writeUint(w, m.token);
    writeUint(w, m.memberEpoch);
    writeUint(w, m.geoEpoch);
    writeInt(w, m.pgcl);
    writeInt(w, m.vdl);
    writeInt(w, m.groupTail);
    writeInt(w, m.pgmrpl);
    writeInt(w, m.archivedTo);
    writeInt(w, m.holdTo);
    writeBytes(w, m.records);
    writeInt(w, m.first);
    writeEnd(w, m.end);
    writeUint(w, m.count);
  },
  decode: (r) => ({
    kind: 'WriteBatch',
    volume: readText(r),
    group: readGroup(r),
    token: readTerm(r),
    memberEpoch: readUint(r),
    geoEpoch: readUint(r),
    pgcl: readLsn(r),
    vdl: readLsn(r),
    groupTail: readLsn(r),
    pgmrpl: readLsn(r),
    archivedTo: readLsn(r),
    holdTo: readLsn(r),
    records: readKeptView(r, readUint(r)),
    first: readLsn(r),
    end: readEnd(r),
    count: readUint(r),
  }),
};

const maybeRefused = nullable(refused);

export const writeAck: Codec<Body<'WriteAck'>> = {
  encode: (w, m) => {
    writeText(w, m.group);
    writeUint(w, m.token);
    writeUint(w, m.memberEpoch);
    writeInt(w, m.scl);
    writeInt(w, m.nwl);
    writeInt(w, m.archivedTo);
    maybeRefused.encode(w, m.refused);
  },
  decode: (r) => ({
    kind: 'WriteAck',
    group: readGroup(r),
    token: readTerm(r),
    memberEpoch: readUint(r),
    scl: readLsn(r),
    nwl: readLsn(r),
    archivedTo: readLsn(r),
    refused: maybeRefused.decode(r),
  }),
};

function writeTexts(w: ByteWriter, texts: readonly (string | null)[]): void {
  writeUint(w, texts.length);
  for (const value of texts) {
    writeU8(w, value === null ? 0 : 1);
    if (value !== null) writeText(w, value);
  }
}

function readTexts(r: ByteReader): (string | null)[] {
  const texts: (string | null)[] = [];
  for (let n = readCount(r); n > 0; n--) texts.push(readBool(r) ? readText(r) : null);
  return texts;
}

export const sqlRequest: Codec<Body<'SqlRequest'>> = {
  encode: (w, m) => {
    writeText(w, m.volume);
    writeText(w, m.session);
    writeUint(w, m.incarnation);
    writeUint(w, m.sequence);
    writeUint(w, m.attempt);
    writeUint(w, m.statements.length);
    for (const statement of m.statements) {
      writeUint(w, statement.id);
      writeText(w, statement.text);
      writeBytes(w, statement.tree);
    }
    writeTexts(w, m.params);
    writeU8(w, m.inTransaction ? 1 : 0);
  },
  decode: (r) => ({
    kind: 'SqlRequest',
    volume: readText(r),
    session: readText(r),
    incarnation: readUint(r),
    sequence: readUint(r),
    attempt: readUint(r),
    statements: readStatements(r),
    params: readTexts(r),
    inTransaction: readBool(r),
  }),
};

function readStatements(r: ByteReader): SentStatement[] {
  const statements: SentStatement[] = [];
  for (let n = readCount(r); n > 0; n--)
    statements.push({ id: readUint(r), text: readText(r), tree: readBytes(r) });
  return statements;
}

export const sqlReply: Codec<Body<'SqlReply'>> = {
  encode: (w, m) => {
    writeText(w, m.session);
    writeUint(w, m.incarnation);
    writeUint(w, m.sequence);
    writeText(w, m.code);
    writeInt(w, m.scn);
    writeUint(w, m.results.length);
    for (const result of m.results) writeResult(w, result);
    writeU8(w, m.inTransaction ? 1 : 0);
  },
  decode: (r) => ({
    kind: 'SqlReply',
    session: readText(r),
    incarnation: readUint(r),
    sequence: readUint(r),
    code: readText(r),
    scn: readLsn(r),
    results: readResults(r),
    inTransaction: readBool(r),
  }),
};

const ROWS = 0;
const DONE = 1;

function writeResult(w: ByteWriter, result: StatementResult): void {
  if (result.kind === 'done') {
    writeU8(w, DONE);
    writeText(w, result.tag);
  } else if (result.kind === 'rows') {
    writeU8(w, ROWS);
    writeText(w, result.tag);
    writeUint(w, result.columns.length);
    for (const { name, type } of result.columns) {
      writeText(w, name);
      writeText(w, type);
    }
    writeUint(w, result.rows.length);
    for (const row of result.rows) writeTexts(w, row);
    rowOrigin.encode(w, result.origin);
  } else statementResult.encode(w, result);
}

function readResults(r: ByteReader): StatementResult[] {
  const results: StatementResult[] = [];
  for (let n = readCount(r); n > 0; n--) {
    const { at } = r;
    const tag = readU8(r);
    if (tag === DONE) results.push({ kind: 'done', tag: readText(r) });
    else if (tag === ROWS)
      results.push({
        kind: 'rows',
        tag: readText(r),
        columns: readColumns(r),
        rows: readRows(r),
        origin: rowOrigin.decode(r),
      });
    else {
      r.at = at;
      results.push(statementResult.decode(r));
    }
  }
  return results;
}

function readColumns(r: ByteReader): Infer<typeof column>[] {
  const columns: Infer<typeof column>[] = [];
  for (let n = readCount(r); n > 0; n--) columns.push({ name: readText(r), type: readText(r) });
  return columns;
}

function readRows(r: ByteReader): (string | null)[][] {
  const rows: (string | null)[][] = [];
  for (let n = readCount(r); n > 0; n--) rows.push(readTexts(r));
  return rows;
}
