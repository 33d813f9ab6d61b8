// Recorded tapes, one for each preset, with every kind of tape action between them: the digest of their events is the
// recorded one (event-digest.ts). What moves inside the code must not show in any event.

import { expect, test } from 'vitest';
import { parseTape } from '../sim/tape-parse.ts';
import { stackActions } from '../stacks/actions.ts';
import { offeredPresets, presetNames, stackOfPreset } from '../stacks/preset-names.ts';
import { actionKinds, tapes } from '../stacks/tapes.ts';
import { digestOf, readRecorded, recordedDigests, recordedTapes } from './event-digest.ts';

const why = 'the trace moved: npm run sim -- digests, and docs/testing.md for when to record it anew';

test.each(recordedTapes())('the events of %s are the recorded ones', async (name) => {
  expect(await digestOf(name), why).toBe(recordedDigests()[name]);
});

test('every preset has a tape, and every kind of action is on one', () => {
  const actions = new Set<string>();
  const presets = new Set<string>();
  for (const name of recordedTapes()) {
    const parsed = parseTape(tapes, readRecorded(name));
    if (!parsed.ok) throw new Error(`${name}:${parsed.line}: ${parsed.error}`);
    presets.add(parsed.tape.header.preset);
    for (const { kind } of parsed.tape.actions) actions.add(kind);
  }
  const recorded = new Set([...presets].map(stackOfPreset));
  expect([...presets].sort()).toEqual(presetNames.filter((name) => recorded.has(stackOfPreset(name))).sort());
  expect(offeredPresets.filter((name) => !presets.has(name))).toEqual([]);
  for (const { id, actions: own } of stackActions)
    if (!recorded.has(id)) for (const kind of Object.keys(own)) actions.add(kind);
  // A power cut names the hash and the disk of each node's last stamp, which are a browser's.
  expect(Object.keys(actionKinds).filter((kind) => !actions.has(kind))).toEqual(['powerCut']);
});
