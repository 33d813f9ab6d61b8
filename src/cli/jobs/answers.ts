// What a worker answers, by the kind of the job: plain data, the same whether it comes from a thread or through a queue. What comes
// through a queue is read by `readAnswer` first.

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { WaitFinding } from '../../run-model/waits/judge-waits.ts';
import type { FateFinding, FateReport, Met } from '../../sim/fates/try-fates.ts';
import type { FlipCount, FlipFault } from '../../sim/fuzz/flips.ts';
import type { FuzzCount } from '../../sim/fuzz/run-fuzz.ts';
import { makeExercise } from '../../sim/sweep/exercise.ts';
import type { DenseVerdict } from '../../sim/sweep/run-dense.ts';
import type { Verdict } from '../../sim/sweep/run-scenario.ts';
import { printTape } from '../../sim/tape-print.ts';
import { rules } from '../../stacks/rules.ts';
import { tapes } from '../../stacks/tapes.ts';
import type { SaysCount, SaysRun } from '../says-run.ts';
import { canonical } from './canonical.ts';
import { issuesOf, type JobKind, type SeedJob } from './seed-job.ts';

/** With its tape as text. */
export type FateFound = Omit<FateFinding, 'tape' | 'fate' | 'moment'> & {
  readonly moment: Pick<FateFinding['moment'], 'at' | 'node' | 'writes'>;
  readonly fate: Pick<FateFinding['fate'], 'name' | 'kept'>;
  readonly tape: string;
};

export interface FatesAnswer extends Omit<FateReport, 'met' | 'findings'> {
  readonly met: readonly (readonly [string, Met])[];
  readonly findings: readonly FateFound[];
}

export interface SaysAnswer {
  readonly counts: readonly (readonly [string, SaysCount])[];
  /** How many claims were false, and the first of them as JSON. */
  readonly wrong: number;
  readonly shown: readonly { readonly at: number; readonly claim: string }[];
  readonly lies: readonly (readonly [string, { readonly shown: number; readonly caught: number }])[];
}

export interface ItemAnswer {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Wall seconds. */
  readonly seconds: number;
  /** The last lines that it printed. */
  readonly tail: string;
}

interface Answers {
  readonly scenario: Verdict;
  readonly dense: DenseVerdict;
  readonly mutantTape: Pick<DenseVerdict, 'violation' | 'error'>;
  readonly waits: readonly WaitFinding[];
  readonly says: SaysAnswer;
  readonly saysTape: SaysAnswer;
  readonly saysLesson: SaysAnswer;
  readonly fates: FatesAnswer;
  readonly flips: {
    readonly counts: readonly (readonly [string, FlipCount])[];
    readonly faults: readonly FlipFault[];
  };
  readonly fuzz: {
    readonly counts: readonly (readonly [string, FuzzCount])[];
    /** `hex`: the beginning of the input. */
    readonly faults: readonly {
      readonly target: string;
      readonly what: string;
      readonly input: number;
      readonly hex: string;
    }[];
  };
  readonly item: ItemAnswer;
}
export type Answer<K extends JobKind = JobKind> = Answers[K];

/** Claims that are shown of a run. */
const MOST_CLAIMS = 10;

/** Maps as entries, tapes as text. */
export const fatesAnswer = ({ findings, met, ...rest }: FateReport): FatesAnswer => ({
  ...rest,
  met: [...met],
  findings: findings.map(({ moment: { at, node, writes }, fate: { name, kept }, violation, tape }) => ({
    moment: { at, node, writes },
    fate: { name, kept },
    violation,
    tape: printTape(tapes, tape),
  })),
});

export const saysAnswer = ({ counts, wrong, lies }: SaysRun): SaysAnswer => ({
  counts: [...counts],
  wrong: wrong.length,
  shown: wrong.slice(0, MOST_CLAIMS).map(({ at, claim }) => ({ at, claim: JSON.stringify(claim) })),
  lies: [...lies],
});

const count = v.pipe(v.number(), v.minValue(0));
const text = v.string();
const violation = v.strictObject({
  rule: v.picklist(Object.keys(rules)),
  at: count,
  node: v.nullable(text),
  volume: v.optional(text),
  message: text,
});
const numbersNamed = (names: readonly string[], what: string) =>
  v.pipe(
    v.record(v.string(), v.number()),
    v.check(
      (value) => Object.keys(value).length === names.length && names.every((one) => one in value),
      what,
    ),
  );
const judged = { violation: v.nullable(violation), error: v.nullable(text) };
const named = <S extends v.GenericSchema>(value: S) => v.array(v.tuple([text, value]));
const counts = <K extends string>(...names: readonly K[]) => v.strictObject(v.entriesFromList(names, count));

const scenario = v.strictObject({
  seed: count,
  outcome: v.picklist(['PASS', 'SAFETY', 'LIVENESS', 'HARNESS']),
  ...judged,
  exercise: numbersNamed(Object.keys(makeExercise()), 'not the counters of this build'),
  hash: text,
});
const finding = v.looseObject({
  at: count,
  wait: v.looseObject({
    kind: text,
    key: text,
    step: text,
    have: v.number(),
    need: v.number(),
    sinceUs: v.number(),
    isBlocked: v.boolean(),
    obstacles: v.array(v.looseObject({ kind: text, nodes: v.array(text), of: text, stops: v.boolean() })),
  }),
  outcome: v.picklist(['right', 'overAlone', 'notOver', 'unnamed']),
  tookUs: v.number(),
});
const fateFound = v.strictObject({
  moment: v.strictObject({
    at: count,
    node: text,
    writes: v.array(v.strictObject({ key: text, activity: text, kind: text })),
  }),
  fate: v.strictObject({ name: text, kept: v.array(v.boolean()) }),
  violation,
  tape: text,
});

const says = v.strictObject({
  counts: named(counts('said', 'judged', 'wrong')),
  wrong: count,
  shown: v.pipe(v.array(v.strictObject({ at: count, claim: text })), v.maxLength(MOST_CLAIMS)),
  lies: named(counts('shown', 'caught')),
});

const schemas = {
  scenario,
  dense: v.strictObject({
    ...judged,
    exercised: numbersNamed(Object.keys(rules), 'not the rules of this build'),
    livenessLongest: count,
  }),
  mutantTape: v.strictObject(judged),
  waits: v.array(finding),
  says,
  saysTape: says,
  saysLesson: says,
  fates: v.strictObject({
    world: text,
    ...v.entriesFromList(['moments', 'chosen', 'tried'], count),
    met: named(counts('lost', 'kept')),
    findings: v.array(fateFound),
  }),
  flips: v.strictObject({
    counts: named(counts('values', 'flips', 'refused', 'same')),
    faults: v.array(v.strictObject({ target: text, value: count, bit: count, what: text })),
  }),
  fuzz: v.strictObject({
    counts: named(counts('inputs', 'refused', 'taken', 'resealed')),
    faults: v.array(v.strictObject({ target: text, what: text, input: count, hex: text })),
  }),
  item: v.strictObject({
    ...v.entriesFromList(['passed', 'failed', 'skipped', 'seconds'], count),
    tail: text,
  }),
} satisfies Record<JobKind, v.GenericSchema>;

/**
 * An answer that came from elsewhere, checked against its job: of another seed or world, or with counters that this build does not
 * have, it is refused with a reason.
 */
export function readAnswer<K extends JobKind>(
  job: SeedJob<K>,
  data: unknown,
): { readonly ok: true; readonly answer: Answer<K> } | { readonly ok: false; readonly error: string } {
  const read = v.safeParse(schemas[job.kind], data);
  if (!read.success) return { ok: false, error: issuesOf(read.issues) };
  const isOther =
    ('seed' in job && 'seed' in read.output && read.output.seed !== job.seed) ||
    ('world' in job && 'world' in read.output && read.output.world !== job.world);
  // The schema of the kind has checked it; only brands and literal types are not said there.
  return isOther ? { ok: false, error: 'of another job' } : { ok: true, answer: read.output as Answer<K> };
}

/** A verdict of a sweep that stands in a report. */
export const isVerdict = (data: unknown): data is Verdict => v.is(scenario, data);

/** A planted bug of `sim mutants`, which is to be caught. */
const isPlanted = (job: SeedJob): boolean =>
  job.kind === 'mutantTape' || (job.kind === 'dense' && job.mutants.length > 0);

/** Something is wrong with the run, in the words of its kind. A planted bug that is caught is not. */
export function isFailure(job: SeedJob, answer: Answer): boolean {
  if (isPlanted(job) && 'violation' in answer) return answer.error !== null;
  if ('outcome' in answer) return answer.outcome !== 'PASS';
  if ('violation' in answer) return answer.violation !== null || answer.error !== null;
  if ('failed' in answer) return answer.failed > 0;
  if ('findings' in answer) return answer.findings.length > 0;
  if ('faults' in answer) return answer.faults.length > 0;
  if ('shown' in answer) return answer.wrong > 0;
  return answer.some(({ outcome }) => outcome !== 'right');
}

/**
 * What two runs of one job must have in common, as a hash: everything but times of the clock, and of an error its first line, for the
 * rest names places on one machine.
 */
export function fingerprintOf(answer: Answer): string {
  const common = canonical(answer, (key, value) => {
    if (key === 'seconds' || key === 'tail') return undefined;
    return key === 'error' && typeof value === 'string' ? value.split('\n', 1)[0] : value;
  });
  return createHash('sha256').update(common).digest('hex').slice(0, 16);
}
