// Repro bundle: what a person sends when something went wrong, and a machine runs again. One text: a head of one line (JSON),
// the tape as it is, then the last events before it as JSON lines. The head counts and checks what follows, so that a
// bundle that was cut off or changed on its way says so. Pure.

import * as v from 'valibot';
import { crc32c } from '../base/crc32c.ts';
import type { RecordedError } from '../host/replay-messages.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';

export const BUNDLE_VERSION = 1;
const FORMAT = 'postdb-capsule';

/** Lines of a bundle's text before its tape's first: its head. */
export const BUNDLE_HEAD_LINES = 1;

/** What went wrong, and where. */
export type ReproError = RecordedError;
const reproError: v.GenericSchema<ReproError> = v.object({
  kind: v.picklist(['engine', 'violation']),
  node: v.string(),
  at: v.number(),
  rule: v.string(),
  detail: v.string(),
});

const reproHash = v.object({
  hash: v.string(),
  isOfTrace: v.boolean(),
  events: v.number(),
  time: v.number(),
});
/** Of everything up to `time`, or, where a node does not answer any more, of what was traced up to there. */
export type ReproHash = Readonly<v.InferOutput<typeof reproHash>>;

const bundleHead = v.object({
  version: v.picklist([BUNDLE_VERSION]),
  engine: v.string(),
  preset: v.string(),
  check: v.string(),
  seed: v.number(),
  tapeLines: v.number(),
  traceLines: v.number(),
  error: reproError,
  hash: v.nullable(reproHash),
});
type Head = Readonly<v.InferOutput<typeof bundleHead>>;

export interface ReproBundle extends Pick<Head, 'engine' | 'preset' | 'seed' | 'error' | 'hash'> {
  readonly tape: string;
  /** JSON, one event each, the newest last. */
  readonly trace: readonly string[];
}

export type ReproBundleRead =
  | { readonly ok: true; readonly bundle: ReproBundle }
  | { readonly ok: false; readonly line: number; readonly why: Refusal };

const checkOf = (lines: readonly string[]): string =>
  crc32c(new TextEncoder().encode(lines.join('\n')))
    .toString(16)
    .padStart(8, '0');

export function printReproBundle({ tape, trace, ...head }: ReproBundle): string {
  const tapeLines = tape.trimEnd().split('\n');
  const body = [...tapeLines, ...trace];
  const counts = { tapeLines: tapeLines.length, traceLines: trace.length, check: checkOf(body) };
  return `${[JSON.stringify({ format: FORMAT, version: BUNDLE_VERSION, ...head, ...counts }), ...body].join('\n')}\n`;
}

/** Whether a text means to be one, however damaged. */
export const isReproBundle = (text: string): boolean => text.trimStart().slice(0, 80).includes(FORMAT);

const lackOf = (entry: string): Refusal => refusal('bundleLacks', { entry });

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** The first of its numbers that counts nothing; a schema's own way to say so would be in the first load. */
function oddCount({ seed, tapeLines, traceLines, hash }: Head): string | undefined {
  if (hash !== null && !(isCount(hash.events) && isCount(hash.time))) return 'hash';
  return Object.entries({ seed, tapeLines, traceLines }).find(([, value]) => !isCount(value))?.[0];
}

/** The head, or what is wrong with it. */
function readHead(line: string): Head | Refusal {
  const damaged = refusal('bundleHead');
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return damaged;
  }
  const read = v.safeParse(bundleHead, data);
  if (read.success) {
    const odd = oddCount(read.output);
    return odd === undefined ? read.output : lackOf(odd);
  }
  const [entry] = read.issues[0].path ?? [];
  if (entry === undefined) return damaged;
  return entry.key === 'version'
    ? refusal('bundleVersion', { found: String(entry.value), known: BUNDLE_VERSION })
    : lackOf(String(entry.key));
}

/** What a person needs to know of one that cannot be opened: the line, and what is wrong with it. */
export function readReproBundle(text: string): ReproBundleRead {
  const refuse = (line: number, why: Refusal): ReproBundleRead => ({ ok: false, line, why });
  const [first = '', ...body] = text.replaceAll('\r\n', '\n').trim().split('\n');
  const head = readHead(first);
  if ('kind' in head) return refuse(BUNDLE_HEAD_LINES, head);
  const { tapeLines, traceLines, check, engine, preset, seed, error, hash } = head;
  const wanted = tapeLines + traceLines;
  const count = body.length;
  if (count < wanted) return refuse(count + 1, refusal('bundleCutOff', { count, wanted }));
  if (count > wanted) return refuse(wanted + 2, refusal('bundleTooLong', { count: count - wanted }));
  const found = checkOf(body);
  if (found !== check) return refuse(2, refusal('bundleChanged', { found, said: check }));
  const tape = `${body.slice(0, tapeLines).join('\n')}\n`;
  const trace = body.slice(tapeLines);
  return { ok: true, bundle: { engine, preset, seed, error, hash, tape, trace } };
}
