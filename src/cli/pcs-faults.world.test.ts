// The metadata's log under one-way losses, and its leader dying at every step of a token's grant and of a restore (docs/spec/pcs.md
// PCS-10, PCS-13, PCS-14, PCS-30; failover.md §6; wal.md WAL-45). Every monitor is on.

import { describe, expect, test } from 'vitest';
import type { TraceKind } from '../core/kernel/trace.ts';
import { drawnOf } from '../testing/depth.ts';
import { commitsBetween, leadersOf, type PcsTape, runPcs, timesOf } from './pcs-fixture.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';

const firstLeader = async (of: PcsTape): Promise<string> => leadersOf(await runPcs(140, [], of))[0] ?? '';
const others = (leader: string): string[] => ['pcs-1', 'pcs-2', 'pcs-3'].filter((node) => node !== leader);

describe.each(drawnOf([1, 5, 6]))('one direction of links between PCS nodes is cut, seed %i', (seed) => {
  const withCut = async (line: (leader: string, a: string, b: string) => string): Promise<TapeRun> => {
    const leader = await firstLeader({ seed });
    const [a = '', b = ''] = others(leader);
    const run = await runPcs(420, [`150.000 ${line(leader, a, b)} for 150.000 ms`], { seed });
    expect(run.monitors.violations).toEqual([]);
    expect(leadersOf(run)[0]).toBe(leader);
    expect(commitsBetween(run, 160, 420)).toBeGreaterThan(20);
    return run;
  };

  test('PCS-12 nobody hears the leader, and it hears them: they elect another, which it follows', async () => {
    const run = await withCut((leader, a, b) => `cut ${leader} > ${a} ${b}`);
    const [first = '', second = ''] = leadersOf(run);
    expect(leadersOf(run)).toHaveLength(2);
    expect(second).not.toBe(first);
    expect(eventsIn(run, 'raft.follower', first)).toHaveLength(1);
  });

  test('PCS-14 the leader hears nobody, and they hear it: it steps down; alone it disturbs nobody (PCS-10)', async () => {
    const run = await withCut((leader, a, b) => `cut ${a} ${b} > ${leader}`);
    const [first = '', second = ''] = leadersOf(run);
    expect(leadersOf(run)).toHaveLength(2);
    expect(second).not.toBe(first);
    expect(eventsIn(run, 'raft.candidate', first)).toHaveLength(1);
  });

  test('PCS-10 a follower that hears nobody asks in vain, before and after', async () => {
    const run = await withCut((leader, a, b) => `cut ${leader} ${b} > ${a}`);
    expect(leadersOf(run)).toHaveLength(1);
  });

  test('PCS-13 a follower does not hear the leader, which the other one does: it gets no vote', async () => {
    const run = await withCut((leader, a) => `cut ${leader} > ${a}`);
    expect(leadersOf(run)).toHaveLength(1);
  });
});

/** Times of what the leader does from the order on, in the run without a loss. */
const moments = (run: TapeRun, leader: string, fromMs: number, toMs: number, kinds: readonly TraceKind[]) =>
  [...new Set(kinds.flatMap((kind) => timesOf(run, kind, leader)).map((at) => at.toFixed(3)))]
    .filter((at) => Number(at) > fromMs && Number(at) < toMs)
    .sort((a, b) => Number(a) - Number(b));

test.each(drawnOf([1, 5]))(
  'PCS-30, FENCE-1, FENCE-24 the leader dies at every step of a token’s grant and of the opening: seed %i',
  async (seed) => {
    const lines = ['150.000 crash rw-1 for 2.000 ms'];
    const whole = await runPcs(200, lines, { seed });
    const [leader = ''] = leadersOf(whole);
    const steps = moments(whole, leader, 150, 175, [
      'raft.durable',
      'raft.commit',
      'token.grant',
      'meta.writer',
    ]);
    expect(steps.length).toBeGreaterThan(4);
    for (const at of steps) {
      const run = await runPcs(330, [...lines, `${at} crash ${leader} for 40.000 ms`], { seed });
      expect([at, run.monitors.violations]).toEqual([at, []]);
      expect([at, leadersOf(run).length > 1]).toEqual([at, true]);
      expect([at, eventsIn(run, 'recovery.done', 'rw-1').length]).toEqual([at, 1]);
      expect([at, commitsBetween(run, 270, 330) > 2]).toEqual([at, true]);
    }
  },
);

test.each([5])(
  'PCS-30, WAL-45 the leader dies at every step of a restore: it is made once; seed %i',
  async (seed) => {
    const of = { preset: 'cynosdb-pcs-backup', seed };
    const lines = ['260.000 restore v1 to time 150.000 ms as v2'];
    const whole = await runPcs(420, lines, of);
    expect(eventsIn(whole, 'restore.done')).toHaveLength(1);
    const [leader = ''] = leadersOf(whole);
    const kinds = ['raft.durable', 'restore.begin', 'restore.done', 'token.grant', 'meta.writer'] as const;
    const [first = '', ...more] = moments(whole, leader, 260, 420, kinds);
    const steps = [first, ...more.filter((_, i) => i % 2 === 0)];
    expect(steps.length).toBeGreaterThan(4);
    for (const at of steps) {
      const run = await runPcs(640, [...lines, `${at} crash ${leader} for 40.000 ms`], of);
      expect([at, run.monitors.violations]).toEqual([at, []]);
      expect([at, leadersOf(run).length > 1]).toEqual([at, true]);
      expect([at, eventsIn(run, 'volume.answered').map(({ code }) => code)]).toEqual([at, ['']]);
      const opened = eventsIn(run, 'recovery.done', 'rw-2').map(({ volume }) => volume);
      expect([at, opened]).toEqual([at, ['v2']]);
    }
  },
);
