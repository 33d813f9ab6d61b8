// What lies in a queue is refused unless it is, in every field, what was put there.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makePrng, nextBelow } from '../../base/prng.ts';
import type { Answer } from '../jobs/answers.ts';
import type { SeedJob } from '../jobs/seed-job.ts';
import {
  type Envelope,
  fieldOf,
  isTwice,
  jobIdOf,
  keyOf,
  namesIn,
  openJob,
  openVerdict,
  sealJob,
  sealVerdict,
} from './envelope.ts';
import { TWICE_EVERY } from './limits.ts';
import { packAnswer, unpackAnswer } from './results.ts';

const build = '0123456789abcdef';
const job: SeedJob<'fuzz'> = { kind: 'fuzz', inputs: 1000, seed: 7 };
const key = keyOf(build, job);
const envelope: Envelope = { campaign: 'fuzz-20261127-abcdef', build, key, isSecond: false, job };
const sealed = sealJob(envelope);
const data: unknown = sealed.ok ? sealed.data : null;
const answer: Answer<'fuzz'> = {
  counts: [['message', { inputs: 1000, refused: 990, taken: 10, resealed: 500 }]],
  faults: [],
};
const verdict = sealVerdict({
  field: fieldOf(envelope),
  worker: 'a-1',
  machine: 'a',
  outcome: packAnswer(answer, false),
});

test('a job comes out as it went in, and so does its verdict', () => {
  expect(openJob(jobIdOf(envelope), data, build)).toEqual({ ok: true, envelope });
  const read = openVerdict(key, verdict);
  expect(read.ok && read.record.outcome.kind !== 'failed' && unpackAnswer(job, read.record.outcome)).toEqual({
    ok: true,
    answer,
  });
});

test('the key names all that is asked, of one build, and nothing of how it was written', () => {
  const same: SeedJob = { seed: 7, inputs: 1000, kind: 'fuzz' };
  expect(keyOf(build, same)).toBe(key);
  expect(keyOf(build, { ...job, seed: 8 })).not.toBe(key);
  expect(keyOf('fedcba9876543210', job)).not.toBe(key);
  expect(namesIn(jobIdOf({ ...envelope, isSecond: true }))).toEqual({
    campaign: envelope.campaign,
    field: `${key}+`,
  });
});

test('about one seed in fifty runs twice, the same ones for everybody', () => {
  const seeds = Array.from({ length: 5000 }, (_, seed) => keyOf(build, { ...job, seed }));
  const twice = seeds.filter(isTwice).length;
  expect(twice).toBeGreaterThan(5000 / TWICE_EVERY / 2);
  expect(twice).toBeLessThan((5000 / TWICE_EVERY) * 2);
});

test('a job of another build is refused, and both are named', () => {
  const other = 'fedcba9876543210';
  expect(openJob(jobIdOf(envelope), data, other)).toEqual({
    ok: false,
    error: `it is of build ${build}, this worker of ${other}`,
  });
});

test('a job too large for the queue is not handed in', () => {
  const moments = Array.from({ length: 64 }, (_, i) => `${i} ${'x'.repeat(300)}`);
  const large: SeedJob = {
    kind: 'fates',
    world: 'any',
    choice: { moments, shard: { index: 0, count: 1 }, mutants: [] },
  };
  expect(sealJob({ ...envelope, job: large }).ok).toBe(false);
});

/** One character of a text is another one, is missing or is there twice; or the text ends there. */
function damage(text: string, draw: (below: number) => number): string {
  const at = draw(text.length);
  const how = draw(4);
  const other = String.fromCharCode(32 + draw(95));
  if (how === 0) return text.slice(0, at) + other + text.slice(at + 1);
  if (how === 1) return text.slice(0, at) + text.slice(at + 1);
  return how === 2 ? text.slice(0, at) + other + text.slice(at) : text.slice(0, at);
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

test('a thousand damaged jobs are refused', () => {
  const prng = makePrng(1, 'damaged jobs');
  const draw = (below: number): number => nextBelow(prng, below);
  const good = JSON.stringify(data);
  for (let i = 0; i < 1000; i++) {
    const bad = damage(good, draw);
    const opened = openJob(jobIdOf(envelope), parsed(bad), build);
    // What says the same in other words is the same job.
    if (opened.ok) expect(opened.envelope).toEqual(envelope);
    else expect(opened.error).not.toBe('');
    expect(opened.ok, bad).toBe(JSON.stringify(parsed(bad)) === good);
  }
});

test('a thousand damaged verdicts are refused, or are of the same answer', () => {
  const prng = makePrng(2, 'damaged verdicts');
  const draw = (below: number): number => nextBelow(prng, below);
  let refused = 0;
  for (let i = 0; i < 1000; i++) {
    const read = openVerdict(key, damage(verdict, draw));
    const unpacked =
      read.ok && read.record.outcome.kind !== 'failed' ? unpackAnswer(job, read.record.outcome) : read;
    if (unpacked.ok) expect(unpacked).toMatchObject({ answer });
    else refused++;
  }
  // The names of the worker and its machine may be any.
  expect(refused).toBeGreaterThan(900);
});

test('a result above the size goes to a file, is found there, and is refused when it is missing, damaged or too large', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-results-'));
  vi.stubEnv('POSTDB_LAB_RESULTS', folder);
  const item: SeedJob<'item'> = { kind: 'item', item: 'a', needsBrowser: false };
  const packed = (tail: string) => {
    const outcome = packAnswer({ passed: 1, failed: 0, skipped: 0, seconds: 1, tail }, false);
    if (outcome.kind !== 'file') throw new Error(`it went to ${outcome.kind}`);
    return outcome;
  };
  const prng = makePrng(3, 'large result');
  const large = packed(Array.from({ length: 40_000 }, () => nextBelow(prng, 1_000_000)).join(''));
  expect(unpackAnswer(item, large).ok).toBe(true);
  writeFileSync(join(folder, large.file), 'other');
  expect(unpackAnswer(item, large)).toEqual({ ok: false, error: `the result ${large.file} is damaged` });
  rmSync(join(folder, large.file));
  expect(unpackAnswer(item, large).ok).toBe(false);
  expect(unpackAnswer(item, packed('x'.repeat(70 * 1024 * 1024)))).toEqual({
    ok: false,
    error: 'it cannot be unpacked',
  });
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});
