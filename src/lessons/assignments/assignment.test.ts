// Assignments: what a file may be, and that verdicts come of a replay on the assignment's cluster alone, whatever a tape says of itself.

import { readFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import { printTape } from '../../sim/tape-print.ts';
import { known } from '../../stacks/known.ts';
import { type Assignment, assignmentOf, assignmentSchema, seedOf, startOf } from './assignment.ts';
import { type Judged, judge, readHandIn } from './judge.ts';

const example = readFileSync('examples/majority.assignment.json', 'utf8');
const twoDown = '60.000 crash store-2 for 40.000 ms\n70.000 crash store-3 for 30.000 ms\n';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

function read(changes: object = {}): Assignment {
  const result = assignmentOf(known, JSON.stringify({ ...JSON.parse(example), ...changes }));
  if (!result.ok) throw new Error(result.error);
  return result.assignment;
}

const startText = (assignment: Assignment, name: string): string =>
  printTape(known.tape, startOf(assignment, seedOf(assignment, name)));

function judged(assignment: Assignment, name: string, text: string): Judged {
  const handIn = readHandIn(known, assignment, text);
  if (!handIn.ok) throw new Error(handIn.error);
  return judge(known, edge, assignment, name, handIn.tape);
}

test('docs/assignment.schema.json is what is read', async () => {
  const schema = toJsonSchema(assignmentSchema, { errorMode: 'ignore' });
  const $schema = 'http://json-schema.org/draft-07/schema#';
  const text = JSON.stringify({ $schema, title: 'An assignment of PostDB Lab', ...schema }, null, 2);
  await expect(`${text}\n`).toMatchFileSnapshot('../../../docs/assignment.schema.json');
});

const goal = { id: 'g', text: { en: 'g' }, condition: 'commits >= 1', holds: 'once' };
test.each([
  [{ format: 'postdb-assignment 9' }, 'format: Invalid type: Expected "postdb-assignment 1"'],
  [{ cluster: 'nowhere' }, 'cluster: unknown preset nowhere'],
  [{ cluster: ['cluster mine', 'architecture nothing'] }, 'cluster: line 2'],
  [{ config: { lal: -5 } }, 'config: '],
  [{ broken: ['no.bug'] }, 'broken: '],
  [{ allowed: ['crash', 'explode'] }, 'allowed: no action of a tape is called explode'],
  [{ setup: ['1.000 crash store-1', '2.000 crash store-9'] }, 'setup.1: no node store-9'],
  [{ setup: ['1.000 when "commits >= 1" crash store-1'] }, 'setup: what waits'],
  [{ goals: [] }, 'goals: '],
  [{ goals: [{ ...goal, condition: 'commits >= ' }] }, 'goals.0.condition, at character 12: '],
  [{ goals: [{ ...goal, condition: 'SCL(store-9, g1) >= 1' }] }, 'goals.0.condition, at character '],
  [{ goals: [goal, goal] }, 'goals: two have the id "g"'],
  [{ goals: [{ ...goal, holds: 'sometimes' }] }, 'goals.0.holds: '],
  [{ seed: 'mine' }, 'seed: '],
  [{ untilMs: 1e12 }, 'untilMs: '],
  [{ surprise: 1 }, 'surprise: '],
])('%o is refused at its field', (changes, error) => {
  const result = assignmentOf(known, JSON.stringify({ ...JSON.parse(example), ...changes }));
  expect(result).toMatchObject({ ok: false, error: expect.stringContaining(error) });
});

test('what is no JSON, or too long, is refused', () => {
  expect(assignmentOf(known, '{')).toMatchObject({
    ok: false,
    error: expect.stringMatching(/^this is not JSON/),
  });
  expect(assignmentOf(known, ' '.repeat(1024 * 1024 + 1))).toMatchObject({ ok: false });
});

describe('the verdict is of the replay', () => {
  test('goals have their times, and the same name has the same seed and run', () => {
    const assignment = read();
    const one = judged(assignment, 'ann', startText(assignment, 'ann') + twoDown);
    expect(one).toMatchObject({
      passed: true,
      actions: 2,
      problems: [],
      remarks: [],
      decidesMs: 400,
      goals: [
        { id: 'first-down', isMet: true, atMs: 60 },
        { id: 'second-down', isMet: true, atMs: 70 },
        { id: 'commits', isMet: true, atMs: null },
      ],
    });
    expect(seedOf(assignment, 'ann')).not.toBe(seedOf(assignment, 'bob'));
    expect(judged(assignment, 'ann', startText(assignment, 'ann') + twoDown)).toEqual(one);
  });

  test('a tape that says another cluster, seed and engine is played on the assignment’s, and that is remarked', () => {
    const assignment = read();
    const own = startText(assignment, 'ann') + twoDown;
    const tampered = own.replace(/^preset .*/m, 'preset cynosdb').replace(/^seed .*/m, 'seed 1');
    const there = judged(assignment, 'ann', tampered);
    expect(there.tape).toBe(judged(assignment, 'ann', own).tape);
    expect(there.remarks).toEqual(['made on the cluster cynosdb', 'made under seed 1']);
    // An end with a hash and a planted bug are words of a tape as well.
    const lying = own.replace(
      /^seed /m,
      'broken engine.pending-is-open\nend 400.000 0123456789abcdef\nseed ',
    );
    const text = lying.replace(/^(broken .*\nend .*\n)(seed .*\n)/m, '$2$1');
    expect(judged(assignment, 'ann', text).tape).toBe(there.tape);
  });

  test('doing nothing fails, and says which goals', () => {
    const assignment = read();
    const lazy = judged(assignment, 'ann', startText(assignment, 'ann'));
    expect(lazy).toMatchObject({ passed: false, actions: 0, key: '' });
    expect(lazy.goals.map(({ isMet }) => isMet)).toEqual([false, false, true]);
  });

  test('a condition is waited for, and the run that it came to is of fixed times', () => {
    const assignment = read();
    const waits = `0.000 when "commits >= 5" crash store-2 for 9.000 ms\n0.000 when "node.down at store-2" crash store-3 for 9.000 ms\n`;
    const one = judged(assignment, 'ann', startText(assignment, 'ann') + waits);
    expect(one).toMatchObject({ passed: true, actions: 2 });
    expect(one.tape).not.toContain('when "');
    const never = judged(
      assignment,
      'ann',
      `${startText(assignment, 'ann')}0.000 when "commits >= 90000" crash store-2\n`,
    );
    expect(never.problems).toEqual([expect.stringContaining('its condition has not come about')]);
  });

  test('what is not allowed, and more than is allowed, fails whatever it reaches', () => {
    const assignment = read({ actions: 1 });
    const many = judged(
      assignment,
      'ann',
      `${startText(assignment, 'ann')}${twoDown}80.000 wipeDisk store-1 for 1.000 ms\n`,
    );
    expect(many.passed).toBe(false);
    expect(many.problems).toEqual(['wipeDisk is not allowed', '3 actions, at most 1 are allowed']);
  });

  test('a goal that has to be so always ends when it is not, and one of the end is judged there', () => {
    const goals = [
      { ...goal, id: 'always', condition: 'commits <= 30', holds: 'always' },
      { ...goal, id: 'end', condition: 'commits <= 30', holds: 'end' },
    ];
    const one = judged(read({ goals }), 'ann', startText(read({ goals }), 'ann'));
    const [always, end] = one.goals;
    expect(end).toEqual({ id: 'end', isMet: false, atMs: null });
    expect(always).toMatchObject({ isMet: false });
    expect(always?.atMs).toBeGreaterThan(0);
    expect(one.decidesMs).toBe(always?.atMs);
  });

  test('further seeds are judged with what waits waiting anew; a rule that is violated fails', () => {
    const few = read({ seeds: [1, 2], goals: [{ ...goal, condition: 'node.down at store-2' }] });
    const fixed = judged(few, 'ann', `${startText(few, 'ann')}0.000 when "commits >= 5" crash store-2\n`);
    expect(fixed).toMatchObject({ passed: true, failedSeeds: [] });
    const planted = { cluster: 'hook-hole', broken: ['store.ack-before-durable'], goals: [goal] };
    const broken = read(planted);
    const run = judged(broken, 'ann', `${startText(broken, 'ann')}60.000 crash store-2\n`);
    expect(run.violations.length).toBeGreaterThan(0);
    expect(run.passed).toBe(false);
    expect(run.decidesMs).toBe(run.violations[0]?.atMs);
    expect(
      judged(read({ ...planted, mayBreak: true }), 'ann', `${startText(broken, 'ann')}60.000 crash store-2\n`)
        .passed,
    ).toBe(true);
  });

  test('a power cut that the lab writes at a reload is replayed, and is nobody’s action', () => {
    const assignment = read({ actions: 2 });
    const plain = judged(assignment, 'ann', startText(assignment, 'ann') + twoDown);
    const reloaded = judged(assignment, 'ann', `${startText(assignment, 'ann')}${twoDown}200.000 powerCut\n`);
    expect(reloaded).toMatchObject({ problems: [], actions: 2, key: plain.key });
    expect(reloaded.tape).toContain('200.000 powerCut');
  });

  test('the same actions in the same order have one key, whatever their times', () => {
    const assignment = read();
    const of = (text: string) => judged(assignment, 'ann', startText(assignment, 'ann') + text).key;
    expect(of(twoDown)).toBe(of(twoDown.replace('60.000 crash', '61.500 crash')));
    expect(of(twoDown)).not.toBe(of(twoDown.replace('store-3', 'store-1')));
  });

  test('a tape of nodes that the assignment’s cluster has not, or with a condition of none, is no hand-in', () => {
    const assignment = read();
    const there = (tape: string) => readHandIn(known, assignment, tape);
    const head = startText(assignment, 'ann');
    expect(there(`${head}60.000 crash store-9\n`)).toMatchObject({
      ok: false,
      error: expect.stringContaining('line '),
    });
    const elsewhere = startText(read({ cluster: 'cynosdb-ro' }), 'ann');
    expect(there(`${elsewhere}60.000 crash ro-1\n`)).toMatchObject({
      ok: false,
      error: expect.stringContaining('on the assignment’s cluster: no node ro-1'),
    });
    expect(there(`${head}0.000 when "SCL(store-9, g1) > 1" crash store-1\n`)).toMatchObject({ ok: false });
    expect(there('')).toMatchObject({ ok: false });
  });
});
