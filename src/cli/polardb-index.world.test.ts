// LogIndex of `polardb` that is not whole when a writer begins (docs/spec/logindex.md LI-28): a planted bug names a table before it is written,
// a crash comes between, and the next writer makes LogIndex anew from WAL.

import { describe, expect, test } from 'vitest';
import { polardbMutants } from '../stacks/polardb/mutants.ts';
import { isDeep } from '../testing/depth.ts';
import { runMutantTape } from './pcs-fixture.ts';
import { inOrder } from './polardb-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

const reads = (fromMs: number): string[] =>
  Array.from(
    { length: 40 },
    (_, i) => `${fromMs + i * 25}.000 sql d1 c${i % 4} "SELECT count(*), sum(length(v)) FROM big"`,
  );

describe.runIf(isDeep)('a table of LogIndex that is damaged', () => {
  test('LI-28 LI-27 is found by the writer that begins, LogIndex is made anew, and every page is read whole', async () => {
    const mutant = polardbMutants.find(({ id }) => id === 'M34');
    if (mutant?.tape === undefined) throw new Error('no tape of M34');
    const tape = {
      ...mutant.tape,
      untilMs: 3200,
      actions: inOrder([...mutant.tape.actions, ...reads(2050)]),
    };
    const one = await runMutantTape(tape, mutant.name);
    expect(new Set(one.monitors.violations.map(({ rule }) => rule))).toEqual(new Set(['logidx.saved-whole']));
    const rebuilt = one.trace.findIndex(({ event }) => event.kind === 'index.rebuilt');
    expect(rebuilt).toBeGreaterThan(0);
    const after = one.trace.slice(rebuilt);
    expect(after.filter(({ event }) => event.kind === 'ro.ready').length).toBeGreaterThanOrEqual(2);
    expect(after.filter(({ event }) => event.kind === 'ro.replayed').length).toBeGreaterThan(20);
    expect(eventsIn(one, 'page.damaged')).toEqual([]);
  });

  // a reader has let go of the second table's records and of the pages when it is granted the volume
  test.each([
    ['before it serves', ['300.000 cut rw-1 | ro-1 ro-2 for 15.000 ms']],
    ['while it serves', ['300.000 cut rw-1 | ro-1 ro-2 for 12.000 ms']],
  ] as const)(
    'LI-74 ends a promoted writer that needs it %s, until one begins from WAL',
    async (when, late) => {
      const mutant = polardbMutants.find(({ id }) => id === 'M159');
      if (mutant?.tape === undefined) throw new Error('no tape of M159');
      const load = mutant.tape.actions.filter((line) => !line.includes(' crash '));
      const last = '3200.000 sql d1 last "SELECT count(*) FROM big"';
      const lines = [...load, ...late, '320.000 crash rw-1 for 500.000 ms', last];
      const tape = { ...mutant.tape, untilMs: 3600, actions: inOrder(lines) };
      const one = await runMutantTape(tape, mutant.name);
      expect(new Set(one.monitors.violations.map(({ rule }) => rule))).toEqual(
        new Set(['logidx.saved-whole']),
      );
      const ended = one.trace.filter(({ event }) => event.kind === 'promote.damaged');
      expect(new Set(ended.map(({ node }) => node)).size).toBe(ended.length);
      expect(ended.length).toBeGreaterThan(0);
      const opened = eventsIn(one, 'promote.step', ended[0]?.node).some(({ step }) => step === 'P5');
      expect(opened).toBe(when === 'while it serves');
      expect(one.trace.some(({ event }) => event.kind === 'promote.step' && event.step === 'P6')).toBe(false);
      const after = one.trace.slice(one.trace.findIndex(({ event }) => event.kind === 'index.rebuilt'));
      expect(ended.map(({ node }) => node)).toContain(after[0]?.node);
      const count = (kind: string): number => after.filter(({ event }) => event.kind === kind).length;
      expect(count('recovery.done')).toBe(1);
      expect(count('ro.ready')).toBeGreaterThan(1);
      expect(count('commit.ack')).toBeGreaterThan(10);
      // every acknowledged row is there
      const inserted = (ms: number): number => Number(one.answers.get(`q${ms * 1000}.0`)?.outcome === 'ok');
      const acknowledged = Array.from({ length: 60 }, (_, i) => inserted(270 + i * 10)).reduce(
        (a, b) => a + b,
      );
      expect(acknowledged).toBeGreaterThan(30);
      const [counted] = one.answers.get('q3200000.0')?.statements ?? [];
      expect(counted?.kind === 'rows' ? counted.rows : []).toEqual([[String(acknowledged * 12)]]);
    },
  );
});
