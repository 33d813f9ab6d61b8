// Chunk servers of `polardb` that lose their disks (docs/spec/polarfs.md FS-79): they neither vote nor acknowledge until the chunk's leader has
// taken them back under a new identity, and then they count: the group bears the loss of another.

import { describe, expect, test } from 'vitest';
import { isDeep } from '../testing/depth.ts';
import { commitsIn, readBack, runPolardb, shown, WHOLE } from './polardb-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

describe('a chunk server that has forgotten', () => {
  test.runIf(isDeep)(
    'FS-79 PCS-120 a wiped disk votes only under a new identity, and then bears the loss of another',
    async () => {
      const lines = [
        '300.000 wipeDisk cs-2 for 20.000 ms',
        '600.000 crash cs-1',
        readBack(750),
        '800.000 restart cs-1',
      ];
      const one = await runPolardb(lines, 1000);
      expect(one.monitors.violations).toEqual([]);
      const lost = eventsIn(one, 'chunk.identityLost', 'cs-2');
      expect([lost.length, new Set(lost.map(({ why }) => why))]).toEqual([6, new Set(['empty'])]);
      const back = eventsIn(one, 'chunk.admitted');
      expect(new Set(back.map(({ group }) => group)).size).toBe(6);
      expect(back.every(({ node, member }) => node === 'cs-2' && member === 66)).toBe(true);
      expect(eventsIn(one, 'chunk.made').length).toBe(18);
      expect(one.monitors.exercised['chunk.made-once']).toBe(18);
      expect([...one.answers.values()].map(shown)).toEqual([WHOLE]);
      expect(commitsIn(one, 650)).toBeGreaterThan(0);
    },
  );

  test.runIf(isDeep)(
    'FS-79 a disk that is put back to an earlier state is found by what its peers have heard',
    async () => {
      const lines = [
        '250.000 snapshotDisk cs-3',
        '400.000 rollbackDisk cs-3 for 15.000 ms',
        '650.000 crash cs-1',
        readBack(800),
      ];
      const one = await runPolardb(lines, 1000);
      expect(one.monitors.violations).toEqual([]);
      const lost = eventsIn(one, 'chunk.identityLost', 'cs-3');
      expect(lost.length).toBeGreaterThan(0);
      expect(new Set(lost.map(({ why }) => why))).toEqual(new Set(['older']));
      expect(eventsIn(one, 'chunk.admitted').length).toBe(lost.length);
      expect([...one.answers.values()].map(shown)).toEqual([WHOLE]);
      expect(commitsIn(one, 700)).toBeGreaterThan(0);
    },
  );

  test('FS-72 FS-79 two disks of three are gone: nothing is acknowledged any more, and nobody makes the chunk anew', async () => {
    const lines = ['300.000 wipeDisk cs-2 for 20.000 ms', '301.000 wipeDisk cs-3 for 20.000 ms'];
    const one = await runPolardb(lines, 900);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'chunk.identityLost').length).toBe(12);
    expect(eventsIn(one, 'chunk.admitted')).toEqual([]);
    expect(commitsIn(one, 330)).toBe(0);
  });

  test.runIf(isDeep).each([1, 2])(
    'FS-79 disks are lost one after the other, each once the one before is back, seed %d',
    async (seed) => {
      const lines = [1, 2, 3, 1].flatMap((i, turn) => [
        `${300 + turn * 350 + seed * 7}.000 wipeDisk cs-${i} for ${10 + seed}.000 ms`,
      ]);
      const one = await runPolardb([...lines, readBack(1800)], 2100, seed);
      expect(one.monitors.violations).toEqual([]);
      expect(eventsIn(one, 'chunk.admitted').length).toBe(24);
      expect([...one.answers.values()].map(shown)).toEqual([WHOLE]);
      expect(commitsIn(one, 1700)).toBeGreaterThan(0);
    },
  );
});
