// `sim digests`: the digest of the events (node, time, kind by tag, fields) of each recorded tape, held against the recorded
// one, or recorded anew (docs/testing.md says when). Links and disks carry any number of bytes: a longer frame takes no longer.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { makeWriter, resetWriter, writeText, writeUint } from '../base/bytes.ts';
import { hashBytes, hashHex, makeHash } from '../base/hash.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { tapes } from '../stacks/tapes.ts';
import { writeTraceEvent } from '../stacks/trace.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { runTapeText } from './tape-fixture.ts';

/** From the project's root: `npm test` runs its test bundled, in another folder. */
const folder = 'src/cli/recorded';
export const readRecorded = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');
export const recordedDigests = (): Readonly<Record<string, string>> =>
  JSON.parse(readRecorded('digests.json'));
export const recordedTapes = (): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.tape'))
    .sort();

const withoutByteCosts = (tape: string): string =>
  tape
    .split('\n')
    .filter((line) => !/^[\d.]+ bandwidth /.test(line))
    .join('\n')
    .replace(/^(profile .*)$/m, '$1\nset diskBandwidth 100000');

/** `<events>:<hash>` of a recorded tape. */
export async function digestOf(name: string): Promise<string> {
  const tape = withoutByteCosts(readRecorded(name));
  const parsed = parseTape(tapes, tape);
  const end = parsed.ok ? parsed.tape.header.end : null;
  const { trace } = await runTapeText(tape, (end?.at ?? 0) / 1000);
  const hash = makeHash();
  const record = makeWriter(1 << 12);
  for (const { at, node, event } of trace) {
    resetWriter(record);
    writeUint(record, at);
    writeText(record, node);
    writeTraceEvent(record, event);
    hashBytes(hash, record.bytes, 0, record.length);
  }
  return `${trace.length}:${hashHex(hash)}`;
}

export async function digests({ write }: { readonly write: boolean }): Promise<ExitCode> {
  const before = recordedDigests();
  const now: Record<string, string> = {};
  for (const name of recordedTapes()) {
    const digest = await digestOf(name);
    now[name] = digest;
    console.log(
      before[name] === digest ? `${name} ${digest}` : `${name} ${digest}, recorded ${before[name] ?? 'none'}`,
    );
  }
  const isSame = JSON.stringify(before) === JSON.stringify(now);
  if (write) writeFileSync(`${folder}/digests.json`, `${JSON.stringify(now, null, 2)}\n`);
  return isSame || write ? exitCodes.ok : exitCodes.violation;
}
