// The definition of a job: what a command line could ask is one, nothing else.

import { expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import { fingerprintOf, isFailure, readAnswer } from './answers.ts';
import { canonical } from './canonical.ts';
import { nameOf, readJob, type SeedJob } from './seed-job.ts';

const seed: SeedJob<'scenario'> = {
  kind: 'scenario',
  preset: 'cynosdb',
  seed: 12,
  chaosUs: 5_000_000,
  mutants: ['store.ack-before-durable'],
  redo: 'full',
};

const jobs: readonly SeedJob[] = [
  seed,
  { kind: 'dense', preset: 'polardb', seed: 1, chaosUs: 1, mutants: [], counted: 'large' },
  { kind: 'waits', preset: 'cynosdb', seed: 3, chaosUs: 2_000_000, mutants: [], aim: null, quota: 5 },
  { kind: 'says', preset: 'postdb-v4', seed: 3, chaosUs: 2_000_000, aim: null, quota: 0 },
  { kind: 'saysTape', name: 'kept.tape', tape: 'postdb-tape 1\n', until: 1000, quota: 0 },
  { kind: 'saysLesson', lesson: 'H01', quota: 2 },
  { kind: 'flips' },
  { kind: 'fuzz', inputs: 1000, seed: 4 },
  { kind: 'item', item: 'fuzz 4', needsBrowser: false },
];

test.each(jobs.map((job) => [nameOf(job), job] as const))('%s is read as it was written', (_, job) => {
  expect(readJob(JSON.parse(JSON.stringify(job)))).toEqual({ ok: true, job });
});

test.each([
  ['no object', 'scenario'],
  ['another kind', { ...seed, kind: 'shell' }],
  ['a field more', { ...seed, command: 'true' }],
  ['a field less', { kind: 'fuzz', seed: 1 }],
  ['an unknown preset', { ...seed, preset: 'cynosdb2' }],
  ['an unknown planted bug', { ...seed, mutants: ['store.none'] }],
  ['a seed below 0', { ...seed, seed: -1 }],
  ['a seed that is no whole number', { ...seed, seed: 1.5 }],
  ['more than a day', { ...seed, chaosUs: 86_400_000_001 }],
  ['an unknown lesson', { kind: 'saysLesson', lesson: 'H99', quota: 0 }],
  ['another word for redo', { ...seed, redo: 'most' }],
  [
    'an unknown world',
    { kind: 'fates', world: 'none', choice: { moments: 2, shard: { index: 0, count: 1 }, mutants: [] } },
  ],
  ['the tape of a planted bug that has none', { kind: 'mutantTape', mutant: 'store.ack-before-durable' }],
])('%s is no job', (_, data) => {
  expect(readJob(data)).toMatchObject({ ok: false });
});

test('an answer of another job, or with other counters, is refused', () => {
  const job: SeedJob<'fuzz'> = { kind: 'fuzz', inputs: 10, seed: 1 };
  const answer = { counts: [['message', { inputs: 10, refused: 9, taken: 1, resealed: 5 }]], faults: [] };
  expect(readAnswer(job, answer)).toEqual({ ok: true, answer });
  expect(readAnswer(job, { ...answer, counts: [['message', { inputs: 10 }]] }).ok).toBe(false);
  expect(readAnswer(seed, answer).ok).toBe(false);
});

test('two runs have the same fingerprint whatever the order of names, the clock, and where a stack lay', () => {
  const item = { passed: 1, failed: 0, skipped: 0, seconds: 4, tail: 'a' };
  expect(fingerprintOf(item)).toBe(
    fingerprintOf({ tail: 'b', seconds: 5, skipped: 0, failed: 0, passed: 1 }),
  );
  const thrown = (error: string) => fingerprintOf({ violation: null, error });
  expect(thrown('it broke\n  at /a/b.mjs:1')).toBe(thrown('it broke\n  at /c/d.mjs:2'));
  expect(thrown('it broke')).not.toBe(thrown('it burst'));
  const dense = { kind: 'dense', preset: 'cynosdb', seed: 1, chaosUs: 1000, mutants: [] } as const;
  const violation = { rule: 'wal.pgcl-true', at: 1 as Time, node: null, message: '' } as const;
  expect(isFailure(dense, { violation: null, error: 'it broke' })).toBe(true);
  expect(isFailure(dense, { violation, error: null })).toBe(true);
  // a planted bug is there to be caught
  const planted = { ...dense, mutants: ['writer.ack-at-vw-minus-one' as const] };
  expect(isFailure(planted, { violation, error: null })).toBe(false);
  expect(isFailure(planted, { violation: null, error: 'it broke' })).toBe(true);
  expect(canonical({ b: { d: 1, c: [2, { f: 1, e: 2 }] }, a: 1 })).toBe(
    '{"a":1,"b":{"c":[2,{"e":2,"f":1}],"d":1}}',
  );
});
