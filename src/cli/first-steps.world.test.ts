// What the gallery says to do first in each preset (`first` of its lines), done: it comes about, and no rule is violated.

import { expect, test } from 'vitest';
import type { TraceKind, TraceOf } from '../core/kernel/trace.ts';
import { freshTape } from '../sim/run-setup.ts';
import { printTape } from '../sim/tape-print.ts';
import { offeredPresets } from '../stacks/preset-names.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { isDeep } from '../testing/depth.ts';
import { type AnsweredRun, runTapeText } from './tape-fixture.ts';

interface Step {
  readonly lines: readonly string[];
  readonly untilMs: number;
  readonly expects: (run: AnsweredRun) => void;
}

type Timed<K extends TraceKind> = TraceOf<K> & { readonly by: string; readonly ms: number };

const all = <K extends TraceKind>({ trace }: AnsweredRun, kind: K): Timed<K>[] =>
  trace.flatMap(({ at, node, event }) =>
    event.kind === kind ? [{ ...(event as TraceOf<K>), by: node as string, ms: at / 1000 }] : [],
  );
const commits = (run: AnsweredRun, from: number, to: number): number =>
  all(run, 'commit.ack').filter(({ ms }) => ms > from && ms <= to).length;
const rowsOf = (run: AnsweredRun, at: number): string =>
  JSON.stringify(run.answers.get(`q${at * 1000}.0`)?.statements);

const steps: Readonly<Record<string, Step>> = {
  cynosdb: {
    lines: ['300.000 crash store-3', '360.000 restart store-3'],
    untilMs: 460,
    expects: (run) => {
      expect(commits(run, 310, 360)).toBeGreaterThan(5);
      const served = all(run, 'hole.serve').filter(({ ms, to }) => ms > 360 && to === 'store-3');
      expect(served.filter(({ records, by }) => records > 0 && /^store-[12]$/.test(by))).not.toEqual([]);
    },
  },
  'cynosdb-4': {
    lines: ['300.000 moveReplica store-3 store-4', '305.000 crash store-3'],
    untilMs: 900,
    expects: (run) => {
      expect(commits(run, 300, 900)).toBeGreaterThan(20);
      for (const group of ['g1', 'g2'])
        expect(
          all(run, 'member.adopt')
            .filter((one) => one.group === group)
            .at(-1)?.sets,
        ).toBe('store-1,store-2,store-4');
    },
  },
  'cynosdb-5': {
    lines: ['300.000 crash store-1', '301.000 crash store-2', '400.000 crash store-3'],
    untilMs: 500,
    expects: (run) => expect([commits(run, 310, 400) > 5, commits(run, 410, 500)]).toEqual([true, 0]),
  },
  'cynosdb-6': {
    lines: [
      '300.000 isolate store-5 store-6',
      '400.000 crash store-1',
      '450.000 sql d1 me "SELECT count(*) FROM accounts"',
    ],
    untilMs: 500,
    expects: (run) => {
      expect([commits(run, 310, 400) > 5, commits(run, 410, 500)]).toEqual([true, 0]);
      expect(rowsOf(run, 450)).toContain('100');
    },
  },
  'cynosdb-backup': {
    lines: ['300.000 sql d1 me "DELETE FROM accounts"', '400.000 restore v1 to time 299.000 ms as v2'],
    untilMs: 3000,
    expects: (run) => {
      expect(rowsOf(run, 300)).toContain('DELETE 100');
      expect(all(run, 'restore.done').map(({ volume }) => volume)).toEqual(['v2']);
    },
  },
  'cynosdb-pcs': {
    lines: ['300.000 crash pcs-1'],
    untilMs: 700,
    expects: (run) => {
      expect(all(run, 'raft.leader').filter(({ ms, by }) => ms > 300 && by !== 'pcs-1')).not.toEqual([]);
      for (let ms = 300; ms < 700; ms += 40) expect(commits(run, ms, ms + 40)).toBeGreaterThan(0);
      expect(all(run, 'op.return').filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    },
  },
  'cynosdb-ro': {
    lines: [
      '280.000 session d1 me ro-1 session',
      '300.000 cut rw-1 | ro-1',
      '400.000 sql d1 me "SELECT count(*) FROM accounts"',
      '500.000 heal rw-1 | ro-1',
    ],
    untilMs: 700,
    expects: (run) => {
      const [read] = all(run, 'session.read').filter(({ session, ms }) => session === 'me' && ms > 300);
      const acked = all(run, 'commit.ack').filter(({ ms }) => ms < 300);
      expect([read?.from, (read?.readPoint ?? 0) <= (acked.at(-1)?.scn ?? 0)]).toEqual(['ro-1', true]);
      expect(all(run, 'ro.released').filter(({ by, ms }) => by === 'ro-1' && ms > 500)).not.toEqual([]);
    },
  },
  'cynosdb-ha': {
    lines: ['300.000 freeze rw-1', '450.000 resume rw-1'],
    untilMs: 600,
    expects: (run) => {
      expect(new Set(all(run, 'commit.ack').flatMap(({ ms, by }) => (ms > 400 ? [by] : [])))).toEqual(
        new Set(['ha-1']),
      );
      const refused = all(run, 'wal.refused').filter(({ from, ms }) => from === 'rw-1' && ms > 450);
      expect(refused.map(({ code }) => code)).toContain('TOKEN_STALE');
    },
  },
  'hook-hole': {
    lines: ['300.000 cut rw-1 | store-3 for 6.000 ms'],
    untilMs: 400,
    expects: (run) => {
      expect(all(run, 'hole.open').filter(({ by, ms }) => by === 'store-3' && ms > 300)).not.toEqual([]);
      expect(all(run, 'hole.closed').filter(({ by, ms }) => by === 'store-3' && ms > 300)).not.toEqual([]);
    },
  },
  'stress-50': {
    lines: ['40.000 crash store-7', '60.000 restart store-7'],
    untilMs: 110,
    expects: (run) => {
      const served = all(run, 'hole.serve').filter(({ ms, to }) => ms > 60 && to === 'store-7');
      expect(served.filter(({ records }) => records > 0)).not.toEqual([]);
    },
  },
  'postdb-v4': {
    lines: ['300.000 crash n1'],
    untilMs: 900,
    expects: (run) => {
      const acked = all(run, 'commit.ack');
      const before = new Set(
        acked.flatMap(({ by, ms, volume }) => (by === 'n1' && ms < 300 ? [volume] : [])),
      );
      const after = new Set(acked.flatMap(({ by, ms, volume }) => (by !== 'n1' && ms > 300 ? [volume] : [])));
      expect([before.size > 0, [...before].filter((volume) => !after.has(volume))]).toEqual([true, []]);
    },
  },
  polardb: {
    lines: ['350.000 switchover ro-1'],
    untilMs: 900,
    expects: (run) => {
      const reached = all(run, 'promote.step').map(({ by, step }) => `${by} ${step}`);
      expect(reached).toContain('ro-1 P5');
      expect(reached.indexOf('ro-1 P5')).toBeLessThan(reached.indexOf('ro-1 P6'));
      expect(all(run, 'commit.ack').filter(({ by, ms }) => by === 'ro-1' && ms > 350)).not.toEqual([]);
    },
  },
};

test('E25 every preset of the gallery has a first step that is tried', () => {
  expect(Object.keys(steps).sort()).toEqual([...offeredPresets].sort());
});

// Fifty nodes take as long as all the others: in the deep command.
test.each(Object.entries(steps).filter(([name]) => isDeep || name !== 'stress-50'))(
  'E25 what the gallery says to do first in %s comes about',
  async (name, step) => {
    const tape = freshTape(presets, name, 7);
    if ('error' in tape) throw new Error(tape.error);
    const run = await runTapeText([printTape(tapes, tape), ...step.lines].join('\n'), step.untilMs);
    expect(run.monitors.violations).toEqual([]);
    step.expects(run);
  },
);
