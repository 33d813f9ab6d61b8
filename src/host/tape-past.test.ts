// PRE-9: tapes of clusters of one's own tell the same only where their layouts are the same, whatever they are called.

import { expect, test } from 'vitest';
import { freshTape } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import { NEVER } from '../sim/types.ts';
import { presets } from '../stacks/presets.ts';
import { samePast } from './tape-past.ts';

const tapeOf = (quorum: string): Tape => {
  const tape = freshTape(
    presets,
    `cluster mine\narchitecture cynosdb\nnode d1 driver a\nnode meta-1 meta a\nnode rw-1 writer a\nnode store-1..5 store a,b\ngroup store-1..5 ${quorum}\nprofile demo\nseed 3\n`,
    null,
  );
  if ('error' in tape) throw new Error(tape.error);
  return tape;
};

test('PRE-9 two clusters of one name and seed are one run only with one layout', () => {
  expect(samePast(tapeOf('write=3 read=3'), tapeOf('write=3 read=3'))).toBe(NEVER);
  expect(samePast(tapeOf('write=3 read=3'), tapeOf('write=4 read=2'))).toBeNull();
});
