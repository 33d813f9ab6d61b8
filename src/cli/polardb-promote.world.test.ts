// Online promote of `polardb` (docs/spec/logindex.md §8, failover.md §5): a reader becomes the writer without a restart, by order or because the
// writer is gone; it serves while background replay runs behind it; whoever dies at any step, one writer is open in the end and
// nothing that was acknowledged is lost.

import { describe, expect, test } from 'vitest';
import { drawnOf, isDeep } from '../testing/depth.ts';
import { commitsIn, inOrder, readBack, runPolardb, shown, sql, WHOLE } from './polardb-fixture.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';

const modesOf = (one: TapeRun): string[] =>
  one.trace.flatMap(({ node, event }) =>
    event.kind === 'attachment.mode' ? [`${node} ${event.mode} ${event.why}`] : [],
  );
const stepsOf = (one: TapeRun, node: string): string[] =>
  eventsIn(one, 'promote.step', node).map(({ step }) => step);
const STEPS = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'] as const;
const sums = (one: { readonly answers: ReadonlyMap<string, Parameters<typeof shown>[0]> }): Set<string> =>
  new Set([...one.answers.values()].map(shown).filter((answer) => /^\d+,\d+$/.test(answer)));

describe('a reader of shared storage is promoted', () => {
  test('LI-70 LI-73 FENCE-22 FENCE-36 its writer dies: it goes on from what it has parsed, and replays behind its service', async () => {
    const one = await runPolardb(['350.000 crash rw-1', '520.000 restart rw-1', readBack(600)], 750);
    expect(one.monitors.violations).toEqual([]);
    expect(modesOf(one)).toEqual(['rw-1 rw granted', 'ro-1 rw granted']);
    expect(new Set(stepsOf(one, 'ro-1'))).toEqual(new Set(STEPS));
    expect(one.monitors.exercised['redo.whole']).toBeGreaterThan(1);
    expect(eventsIn(one, 'ro.replayed', 'ro-1').length).toBeGreaterThan(0);
    // once made, the record of the term goes out: what follows is a write's way to a chunk's majority (virtual µs)
    const at = (isIt: (event: TapeRun['trace'][number]['event']) => boolean): number =>
      one.trace.find(({ node, event }) => node === 'ro-1' && isIt(event))?.at ?? Number.NaN;
    const made = at(({ kind }) => kind === 'mtr.append');
    const synced = at(({ kind }) => kind === 'wal.synced');
    expect(synced - made).toBeLessThan(2_500);
    expect(sums(one)).toEqual(new Set([WHOLE]));
    expect(commitsIn(one, 450)).toBeGreaterThan(10);
  });

  const chosen = (one: TapeRun) => eventsIn(one, 'ha.candidate').map(({ candidate }) => candidate);
  test('FENCE-22 a candidate that lags far is passed over, whatever its priority; where all lag so far it is promoted', async () => {
    // back before it was missed, the writer has the greatest priority and has parsed nothing
    const one = await runPolardb(['500.000 crash rw-1 for 5.000 ms', readBack(650)], 800);
    expect(one.monitors.violations).toEqual([]);
    expect(one.monitors.exercised['fence.candidate-near']).toBeGreaterThan(1);
    expect(chosen(one)).toEqual(['rw-1', 'ro-1']);
    const [lagging, ...more] = eventsIn(one, 'ha.lags');
    expect(lagging).toMatchObject({ candidate: 'rw-1', applyLsn: -1, others: 2 });
    expect(lagging?.vdl).toBeGreaterThan(200);
    expect(more).toEqual([]);
    expect(sums(one)).toEqual(new Set([WHOLE]));
    const lines = [
      '500.000 crash rw-1 for 5.000 ms',
      ...['ro-1', 'ro-2'].map((node) => `460.000 crash ${node}`),
    ];
    const alone = await runPolardb(inOrder([...lines, readBack(650)]), 800);
    expect(alone.monitors.violations).toEqual([]);
    expect(chosen(alone)).toEqual(['rw-1', 'rw-1']);
    expect(eventsIn(alone, 'ha.lags').some(({ others }) => others === 0)).toBe(true);
    expect(sums(alone)).toEqual(new Set([WHOLE]));
    // within the limit priority counts
    const near = await runPolardb(['500.000 crash rw-1 for 5.000 ms'], 700, 3, [
      'set candidateMaxLagLsns 10000',
    ]);
    expect([chosen(near), eventsIn(near, 'ha.lags')]).toEqual([['rw-1', 'rw-1'], []]);
  });

  test.runIf(isDeep)(
    'FENCE-33 W1 W7 an order hands the volume over and back: nothing is lost, and the old writer reads',
    async () => {
      const lines = ['350.000 switchover ro-1', '500.000 switchover ro-2', '650.000 switchover rw-1'];
      const one = await runPolardb(inOrder([...lines, readBack(480), readBack(800)]), 950);
      expect(one.monitors.violations).toEqual([]);
      expect(modesOf(one)).toEqual([
        'rw-1 rw granted',
        'ro-1 rw granted',
        'rw-1 ro fenced',
        'ro-2 rw granted',
        'ro-1 ro fenced',
        'rw-1 rw granted',
        'ro-2 ro fenced',
      ]);
      const handed = eventsIn(one, 'attachment.freeze').filter(({ state }) => state === 'handoff');
      expect(handed.length).toBe(3);
      expect(eventsIn(one, 'promote.step').filter(({ step }) => step === 'P6').length).toBe(3);
      expect(sums(one)).toEqual(new Set([WHOLE]));
      expect(commitsIn(one, 750)).toBeGreaterThan(10);
    },
  );

  test.runIf(isDeep)(
    'FENCE-14 FENCE-15 FS-81 a writer that was paused, or cut off from the metadata, is overtaken and refused',
    async () => {
      const lines = [
        '350.000 freeze rw-1 for 100.000 ms',
        '600.000 cut ro-1 | pcs-1 pcs-2 pcs-3 for 120.000 ms',
        readBack(560),
        readBack(850),
      ];
      const one = await runPolardb(inOrder(lines), 1000);
      expect(one.monitors.violations).toEqual([]);
      expect(modesOf(one).filter((mode) => mode.includes('fenced')).length).toBe(2);
      expect(one.monitors.exercised['chunk.token-order']).toBeGreaterThan(0);
      expect(sums(one)).toEqual(new Set([WHOLE]));
    },
  );

  // seeds 16, 17 and 19 of the sweep
  test.runIf(isDeep)(
    'FENCE-24 the target of an order dies as it is granted: the old writer is chosen while it still writes, and opens anew',
    async () => {
      const lines = ['350.000 crashOn ro-1 before P2', '351.000 switchover ro-1', readBack(650)];
      const one = await runPolardb(lines, 850);
      expect(one.monitors.violations).toEqual([]);
      expect(modesOf(one)).toEqual(['rw-1 rw granted', 'rw-1 rw granted']);
      expect(sums(one)).toEqual(new Set([WHOLE]));
      expect(commitsIn(one, 550)).toBeGreaterThan(10);
    },
  );

  const crashes = STEPS.flatMap((step) =>
    (['before', 'after'] as const).map((when) => [when, step] as const),
  );
  test.each(drawnOf(crashes as [(typeof crashes)[number], ...typeof crashes]))(
    'LI-72 FENCE-24 FENCE-37 the node that is promoted dies %s %s, and another goes on',
    async (when, step) => {
      const lines = [
        ...['ro-1', 'ro-2'].map((node) => `340.000 crashOn ${node} ${when} ${step}`),
        '350.000 crash rw-1',
        '590.000 restart ro-1',
        '595.000 restart ro-2',
        ...['ro-1', 'ro-2'].map((node) => `600.000 disarm ${node}`),
        '640.000 restart rw-1',
        readBack(750),
      ];
      const one = await runPolardb(lines, 900);
      expect(one.monitors.violations).toEqual([]);
      expect(eventsIn(one, 'node.down').length).toBeGreaterThanOrEqual(2);
      expect(sums(one)).toEqual(new Set([WHOLE]));
      expect(commitsIn(one, 700)).toBeGreaterThan(0);
    },
  );

  test.runIf(isDeep)(
    'LI-71 FENCE-35 the new writer dies while background replay runs: the next replays what it had not stored',
    async () => {
      const one = await runPolardb(
        inOrder([
          '350.000 crash rw-1',
          '351.000 crashOn ro-1 after P5',
          '351.000 crashOn ro-2 after P5',
          '450.000 disarm ro-1',
          '450.000 disarm ro-2',
          '470.000 restart ro-1',
          '480.000 restart ro-2',
          '490.000 restart rw-1',
          sql(700, 'SELECT count(*) FROM accounts WHERE balance < 0', 'negative'),
          readBack(720),
        ]),
        900,
      );
      expect(one.monitors.violations).toEqual([]);
      expect(one.monitors.exercised['checkpoint.covers']).toBeGreaterThan(0);
      expect(sums(one)).toEqual(new Set([WHOLE]));
      expect(commitsIn(one, 650)).toBeGreaterThan(0);
    },
  );
});
