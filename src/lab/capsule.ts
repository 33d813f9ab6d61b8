// A capsule: what a person sends when something went wrong, and a machine runs again. One text: a head of one line (JSON),
// the tape as it is, then the last events before it as JSON lines. The head counts and checks what follows, so that a
// capsule that was cut off or changed on its way says so. Pure.

import { crc32c } from '../base/crc32c.ts';
import type { RecordedError } from '../host/replay-messages.ts';

export const CAPSULE_VERSION = 1;
const FORMAT = 'postdb-capsule';

/** What went wrong, and where. */
export type CapsuleError = RecordedError;

/** Of everything up to `time`, or, where a node does not answer any more, of what was traced up to there. */
export interface CapsuleHash {
  readonly hash: string;
  readonly isOfTrace: boolean;
  readonly events: number;
  readonly time: number;
}

export interface Capsule {
  readonly engine: string;
  readonly preset: string;
  readonly seed: number;
  readonly error: CapsuleError;
  readonly hash: CapsuleHash | null;
  readonly tape: string;
  /** JSON, one event each, the newest last. */
  readonly trace: readonly string[];
}

export type CapsuleRead =
  | {
      readonly ok: true;
      readonly capsule: Capsule /** Lines of the text before its tape's first. */;
      readonly tapeAfter: number;
    }
  | { readonly ok: false; readonly line: number; readonly error: string };

const checkOf = (lines: readonly string[]): string =>
  crc32c(new TextEncoder().encode(lines.join('\n')))
    .toString(16)
    .padStart(8, '0');

export function printCapsule({ tape, trace, ...head }: Capsule): string {
  const tapeLines = tape.trimEnd().split('\n');
  const body = [...tapeLines, ...trace];
  const counts = { tapeLines: tapeLines.length, traceLines: trace.length, check: checkOf(body) };
  return `${[JSON.stringify({ format: FORMAT, version: CAPSULE_VERSION, ...head, ...counts }), ...body].join('\n')}\n`;
}

/** Whether a text means to be one, however damaged. */
export const isCapsule = (text: string): boolean => text.trimStart().slice(0, 80).includes(FORMAT);

interface Head {
  readonly version: number;
  readonly engine: string;
  readonly preset: string;
  readonly seed: number;
  readonly error: CapsuleError;
  readonly hash: CapsuleHash | null;
  readonly tapeLines: number;
  readonly traceLines: number;
  readonly check: string;
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isError = (value: unknown): value is CapsuleError =>
  isPlain(value) &&
  (value.kind === 'engine' || value.kind === 'violation') &&
  [value.node, value.rule, value.detail].every((text) => typeof text === 'string') &&
  typeof value.at === 'number';

const isHash = (value: unknown): value is CapsuleHash =>
  isPlain(value) &&
  typeof value.hash === 'string' &&
  typeof value.isOfTrace === 'boolean' &&
  isCount(value.events) &&
  isCount(value.time);

/** What the head lacks, by name, or null. */
function lackOf(head: Plain): string | null {
  if (![head.engine, head.preset, head.check].every((text) => typeof text === 'string'))
    return 'engine, preset or checksum';
  if (![head.seed, head.tapeLines, head.traceLines].every(isCount)) return 'seed or the numbers of its lines';
  if (!isError(head.error)) return 'the error';
  return head.hash === null || isHash(head.hash) ? null : 'the hash';
}

const isHead = (head: Plain): head is Plain & Head => lackOf(head) === null;

function readHead(line: string): Plain | null {
  try {
    const value: unknown = JSON.parse(line);
    return isPlain(value) ? value : null;
  } catch {
    return null;
  }
}

/** What a person needs to know of one that cannot be opened: the line, and what is wrong with it. */
export function readCapsule(text: string): CapsuleRead {
  const refuse = (line: number, error: string): CapsuleRead => ({ ok: false, line, error });
  const [first = '', ...body] = text.replaceAll('\r\n', '\n').trim().split('\n');
  const head = readHead(first);
  if (head === null) return refuse(1, 'the head of the capsule is damaged');
  if (head.version !== CAPSULE_VERSION)
    return refuse(
      1,
      `the capsule has format ${String(head.version)}; this lab reads format ${CAPSULE_VERSION}`,
    );
  if (!isHead(head)) return refuse(1, `the head of the capsule lacks ${lackOf(head)}`);
  const { tapeLines, traceLines, check, engine, preset, seed, error, hash } = head;
  const wanted = tapeLines + traceLines;
  if (body.length < wanted)
    return refuse(body.length + 1, `the capsule is cut off: it has ${body.length} of ${wanted} lines`);
  if (body.length > wanted)
    return refuse(
      wanted + 2,
      `the capsule ends before this line: ${body.length - wanted} do not belong to it`,
    );
  if (checkOf(body) !== check)
    return refuse(2, `the capsule was changed: its checksum is ${checkOf(body)}, its head says ${check}`);
  const tape = `${body.slice(0, tapeLines).join('\n')}\n`;
  const trace = body.slice(tapeLines);
  return { ok: true, capsule: { engine, preset, seed, error, hash, tape, trace }, tapeAfter: 1 };
}
