// A slice of `sim fuzz`: every decoder of a message or of a value on disk, with damaged and hostile bytes.

import { expect, test } from 'vitest';
import { runFuzz } from '../sim/fuzz/run-fuzz.ts';
import { makeTargets } from '../sim/fuzz/targets.ts';
import { makeCorpus } from './fuzz.ts';

const INPUTS = 24_000;

test('WAL-29 HOLE-55 damaged and hostile bytes are refused with a reason, and crash nothing', async () => {
  const targets = makeTargets(await makeCorpus());
  const { counts, faults } = runFuzz(targets, INPUTS, 7);
  expect(faults.map(({ target, what }) => `${target}: ${what}`)).toEqual([]);
  expect([...counts.keys()].sort()).toEqual([
    'boot epoch',
    'log segment',
    'message',
    'metadata',
    'object store: pins',
    'object store: standing manifest',
    'object: base',
    'object: log segment',
    'object: manifest',
    'page version',
    'records',
    'restore note',
    'status list',
    'superblock',
  ]);
  for (const [name, { refused, resealed }] of counts) {
    expect(resealed, name).toBeGreaterThan(INPUTS / targets.length / 3);
    if (name !== 'metadata') expect(refused, name).toBeGreaterThan(INPUTS / targets.length / 3);
  }
});
