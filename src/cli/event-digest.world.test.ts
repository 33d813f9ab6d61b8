// Recorded tapes, one for each preset, with every kind of tape action between them: the digest of their events (node,
// time, kind by tag, fields) is the recorded one. What moves inside the code must not show in any event. They were
// recorded before events and messages named their volume, so the name is left out here, and links and disks carry any
// number of bytes: a frame that has become longer takes no longer.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeWriter, resetWriter, writeText, writeUint } from '../base/bytes.ts';
import { hashBytes, hashHex, makeHash } from '../base/hash.ts';
import { offeredPresets, presetNames, stackOfPreset } from '../sim/presets.ts';
import { actionKinds } from '../sim/tape-actions.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { writeTraceEvent } from '../sim/trace-codec.ts';
import { stacks } from '../stacks/registry.ts';
import { runTapeText } from './tape-fixture.ts';

/** From the project's root: `npm test` runs this file bundled, in another folder. */
const folder = 'src/cli/recorded';
const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');
const digests: Readonly<Record<string, string>> = JSON.parse(read('digests.json'));
const names = readdirSync(folder).filter((name) => name.endsWith('.tape'));

/** Events whose last field is the volume that they did not name when the digests were recorded. */
const named = new Set<string>([
  'mtr.append',
  'mtr.sums',
  'mark.vcl',
  'mark.vdl',
  'mark.pgmrpl',
  'wal.backpressure',
  'commit.ack',
  'tx.begin',
  'tx.abort',
  'tx.wait',
  'page.evict',
  'page.probe',
  'recovery.step',
  'recovery.computed',
  'recovery.done',
  'volume.fenced',
  'token.grant',
  'meta.writer',
]);

const withoutByteCosts = (tape: string): string =>
  tape
    .split('\n')
    .filter((line) => !/^[\d.]+ bandwidth /.test(line))
    .join('\n')
    .replace(/^(profile .*)$/m, '$1\nset diskBandwidth 100000');

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
    const isNamed = named.has(event.kind) && 'volume' in event;
    const end = isNamed ? record.length - event.volume.length - 1 : record.length;
    hashBytes(hash, record.bytes, 0, end);
  }
  return `${trace.length}:${hashHex(hash)}`;
}

test.each(names)('the events of %s are the recorded ones', async (name) => {
  expect(await digestOf(withoutByteCosts(read(name)))).toBe(digests[name]);
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
  const recorded = new Set([...presets].map(stackOfPreset));
  expect([...presets].sort()).toEqual(presetNames.filter((name) => recorded.has(stackOfPreset(name))).sort());
  expect(offeredPresets.filter((name) => !presets.has(name))).toEqual([]);
  for (const { id, actions: own } of stacks)
    if (!recorded.has(id)) for (const kind of Object.keys(own)) actions.add(kind);
  // A power cut names the hash and the disk of each node's last stamp, which are a browser's.
  expect(Object.keys(actionKinds).filter((kind) => !actions.has(kind))).toEqual(['powerCut']);
});
