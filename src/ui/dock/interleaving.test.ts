// What several sessions did, as one order; the spec and the transcript that are saved of it, and specs that are opened.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { StatementResult } from '../../core/kernel/client-calls.ts';
import { orderRows, specText, transcriptText } from './interleaving.ts';
import { readScript } from './script.ts';
import type { SqlRun } from './sql-store.ts';

const done: StatementResult = { kind: 'done', tag: 'UPDATE 1' } as StatementResult;
const rows = {
  kind: 'rows',
  tag: 'SELECT 2',
  columns: [
    { name: 'id', type: 'int4' },
    { name: 'owner', type: 'text' },
  ],
  rows: [
    ['1', 'a'],
    ['20', null],
  ],
  origin: null,
} as unknown as StatementResult;

function ran(
  id: number,
  letter: string,
  text: string,
  [askedAt, latencyUs]: readonly [number, number | null],
  statements: readonly StatementResult[] = [done],
): SqlRun {
  return {
    id,
    text,
    seen: { run: 'r', time: askedAt },
    target: { letter, driver: 'd1', volume: 'v1', isFirst: true, reader: null },
    askedAt,
    waitedFor: null,
    failure: null,
    outcome:
      latencyUs === null
        ? null
        : ({
            requestId: `q${id}`,
            askedAt,
            latencyUs,
            result: { outcome: 'ok', statements, scn: 1 },
          } as unknown as SqlRun['outcome']),
  };
}

/** B waits for A from its update on, until A's commit. */
const waiting = [
  ran(1, 'A', 'update t set v = 1 where id = 1;', [1000, 500]),
  ran(2, 'B', 'update t set v = 2 where id = 1', [2000, 2600]),
  ran(3, 'A', 'commit', [3000, 1000]),
  ran(4, 'B', 'select *\n  from t', [6000, 300], [rows]),
];

describe('an order of several sessions', () => {
  test('a statement whose answer comes after another one was asked has a line for each, and waits on those between', () => {
    expect(
      orderRows(waiting).map(({ kind, at, run, waiting: open }) => [kind, at, run.id, [...open.keys()]]),
    ).toEqual([
      ['asked', 1000, 1, []],
      ['asked', 2000, 2, []],
      ['asked', 3000, 3, ['B']],
      ['answered', 4600, 2, []],
      ['asked', 6000, 4, []],
    ]);
  });

  test('one without an answer yet waits to the end', () => {
    const open = [ran(1, 'A', 'select 1', [1000, null]), ran(2, 'B', 'select 2', [2000, 100])];
    expect(orderRows(open).map(({ run, isLater, waiting: by }) => [run.id, isLater, by.size])).toEqual([
      [1, true, 0],
      [2, false, 1],
    ]);
  });

  test('its transcript is the isolation tester’s', () => {
    expect(transcriptText(waiting)).toBe(`Parsed test spec with 2 sessions

starting permutation: a1 b1 a2 b2
step a1: update t set v = 1 where id = 1;
step b1: update t set v = 2 where id = 1; <waiting ...>
step a2: commit;
step b1: <... completed>
step b2: select * from t;
id|owner
--+-----
 1|a
20|
(2 rows)

`);
  });

  test('its spec, opened again, has its steps in its order', () => {
    const text = specText(waiting) ?? '';
    const read = readScript('x.spec', text);
    expect(read.ok && read.script.orders).toEqual([
      [
        { letter: 'A', name: 'a1', text: 'update t set v = 1 where id = 1;' },
        { letter: 'B', name: 'b1', text: 'update t set v = 2 where id = 1;' },
        { letter: 'A', name: 'a2', text: 'commit;' },
        { letter: 'B', name: 'b2', text: 'select *\n  from t;' },
      ],
    ]);
    expect(specText([ran(1, 'A', "select '{1}'", [0, 1])])).toBeNull();
    // Written as `\\dt`, and saved as what was sent: the form has no such commands.
    const listed = { ...ran(1, 'A', 'select 1 -- tables', [0, 1]), written: '\\dt' };
    expect(specText([listed])).toContain('step a1 { select 1 -- tables\n; }');
  });
});

describe('a spec that is opened', () => {
  const folder = new URL('../../../scripts/isolation/specs/', import.meta.url);

  test.each(readdirSync(folder))('%s: each order has set-up, steps and clean-up', (file) => {
    const read = readScript(file, readFileSync(new URL(file, folder), 'utf8'));
    if (!read.ok) throw new Error(read.error);
    for (const steps of read.script.orders) {
      expect(steps[0]?.name).toBe('setup');
      expect(new Set(steps.map(({ letter }) => letter)).size).toBeGreaterThan(1);
    }
  });

  test.each([
    ['', 'a spec has 0 sessions, and the console from 1 to 8'],
    ['session a', 'a spec has no step'],
    ['session a step x { 1', 'a spec has { where a word or a block is expected'],
    ['session a step x { 1 } permutation y', 'no step is called y'],
    [
      ['a', 'b', 'c']
        .map((s) => `session ${s} ${[1, 2, 3, 4].map((i) => `step ${s}${i} { 1 }`).join(' ')}`)
        .join(' '),
      'a spec has 34650 orders of its steps, at most 200 are played; name some as permutations',
    ],
  ])('%j is refused', (text, error) => {
    expect(readScript('x.spec', text)).toEqual({ ok: false, error });
  });
});
