// Recorded tapes, one for each preset, with every kind of tape action between them: the digest of their events (node,
// time, kind by tag, fields) is the recorded one. What moves inside the code must not show in any event.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeWriter, resetWriter, writeText, writeUint } from '../base/bytes.ts';
import { hashBytes, hashHex, makeHash } from '../base/hash.ts';
import { presetNames } from '../sim/presets.ts';
import { actionKinds } from '../sim/tape-actions.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { writeTraceEvent } from '../sim/trace-codec.ts';
import { runTapeText } from './tape-fixture.ts';

const folder = new URL('./recorded/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const digests: Readonly<Record<string, string>> = JSON.parse(read('digests.json'));
const names = readdirSync(folder).filter((name) => name.endsWith('.tape'));

/** `<events>:<hash>`. */
async function digestOf(tape: string): Promise<string> {
  const parsed = parseTape(tape);
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

test.each(names)('the events of %s are the recorded ones', async (name) => {
  expect(await digestOf(read(name))).toBe(digests[name]);
});

test('every preset has a tape, and every kind of action is on one', () => {
  const actions = new Set<string>();
  const presets = new Set<string>();
  for (const name of names) {
    const parsed = parseTape(read(name));
    if (!parsed.ok) throw new Error(`${name}:${parsed.line}: ${parsed.error}`);
    presets.add(parsed.tape.header.preset);
    for (const { kind } of parsed.tape.actions) actions.add(kind);
  }
  expect([...presets].sort()).toEqual([...presetNames].sort());
  // A power cut names the hash and the disk of each node's last stamp, which are a browser's.
  expect(Object.keys(actionKinds).filter((kind) => !actions.has(kind))).toEqual(['powerCut']);
});
