// What a worker can be asked, one definition for the threads of this process and for a queue of many machines. Whatever comes from
// a queue is read by `readJob`: only what a command line could have asked is a job.

import * as v from 'valibot';
import { lessonEntries } from '../../lessons/catalogue.ts';
import { readMutants } from '../../sim/checks/mutants.ts';
import { clusterSaid } from '../../sim/cluster-said.ts';
import { clusterWord } from '../../sim/say-cluster.ts';
import { stackChecks } from '../../stacks/checks.ts';
import { findFateWorld } from '../../stacks/fate-worlds.ts';
import { mutants as knownMutants } from '../../stacks/mutants.ts';
import { presets } from '../../stacks/presets.ts';

/** Planted bugs of one run, and parts named by one choice. */
const MOST_NAMES = 64;
/** Virtual µs of one run: a day. */
const MOST_CHAOS_US = 86_400_000_000;

/** Characters of a tape. */
const MOST_TAPE = 1 << 20;

const whole = (least: number, most: number = Number.MAX_SAFE_INTEGER) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const mutantNames = v.pipe(
  v.array(name),
  v.maxLength(MOST_NAMES),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const read = readMutants(stackChecks, value);
    if (read.ok) return read.mutants;
    addIssue({ message: read.error });
    return NEVER;
  }),
);
/** Claims of each kind that are judged at most; 0: all. */
const quota = whole(0, 1_000_000);
/** A preset's name, or the lines of a cluster. */
const preset = v.pipe(
  v.string(),
  v.maxLength(MOST_TAPE),
  v.check((value) => !('error' in clusterSaid(presets, value)), 'unknown preset, or no cluster'),
);
const drawn = {
  preset,
  seed: whole(0),
  /** Virtual µs of faults. */
  chaosUs: whole(1, MOST_CHAOS_US),
  mutants: mutantNames,
};
const parts = v.pipe(v.array(name), v.maxLength(MOST_NAMES));
const fateChoice = v.strictObject({
  moments: v.union([whole(1), parts]),
  part: v.optional(name),
  shard: v.pipe(
    v.strictObject({ index: whole(0, 9999), count: whole(1, 10_000) }),
    v.check(({ index, count }) => index < count, 'a share above the count'),
  ),
  mutants: mutantNames,
  endsAtFirst: v.optional(v.boolean()),
});

const jobSchema = v.variant('kind', [
  /** A seed of a sweep; `redo`: how much is held against redo of the log. */
  v.strictObject({
    kind: v.literal('scenario'),
    ...drawn,
    redo: v.optional(v.picklist(['sampled', 'dense', 'full', 'every'])),
  }),
  /** A dense seed; `counted`: with countable loads, judged by their effects and by the structure of the pages. */
  v.strictObject({
    kind: v.literal('dense'),
    ...drawn,
    counted: v.optional(v.union([v.boolean(), v.picklist(['indexed', 'large', 'serial'])])),
  }),
  /** The tape of a planted bug that dense seeds meet too seldom. */
  v.strictObject({
    kind: v.literal('mutantTape'),
    mutant: v.pipe(
      name,
      v.check((value) => knownMutants.some(({ tape, name: its }) => its === value && tape !== undefined)),
    ),
  }),
  /** At which rare waits the run is aimed, or null; states of each kind. */
  v.strictObject({ kind: v.literal('waits'), ...drawn, aim: v.nullable(name), quota: whole(1, 100_000) }),
  /** What captions claim in a dense seed, or in one aimed at a rare wait. */
  v.strictObject({
    kind: v.literal('says'),
    preset,
    seed: whole(0),
    chaosUs: whole(1, MOST_CHAOS_US),
    aim: v.nullable(name),
    quota,
  }),
  /** What is said in the run of a tape until `until` virtual µs, or in that of a lesson of the library by its script. */
  v.strictObject({
    kind: v.literal('saysTape'),
    name,
    tape: v.pipe(v.string(), v.maxLength(MOST_TAPE)),
    until: whole(1, MOST_CHAOS_US),
    quota,
  }),
  v.strictObject({
    kind: v.literal('saysLesson'),
    lesson: v.pipe(
      name,
      v.check((value) => lessonEntries.some(({ id }) => id === value), 'unknown lesson'),
    ),
    quota,
  }),
  /** Every fate of unsynced writes in the world of this name, or a share of them. */
  v.strictObject({
    kind: v.literal('fates'),
    world: v.pipe(
      name,
      v.check((value) => findFateWorld(value) !== undefined, 'unknown world'),
    ),
    choice: fateChoice,
  }),
  /** Every bit of the values of the corpus. */
  v.strictObject({ kind: v.literal('flips') }),
  /** Damaged inputs for every decoder. */
  v.strictObject({ kind: v.literal('fuzz'), inputs: whole(1, 1_000_000_000), seed: whole(0) }),
  /** An item of `npm run deep`, by its name in the list of the same files: a command is never taken from a queue. */
  v.strictObject({ kind: v.literal('item'), item: name, needsBrowser: v.boolean() }),
]);

type Job = v.InferOutput<typeof jobSchema>;
export type JobKind = Job['kind'];
export type SeedJob<K extends JobKind = JobKind> = Extract<Job, { readonly kind: K }>;

/** What is wrong with data that was to be of this schema, in one line. */
export const issuesOf = (issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string =>
  issues
    .slice(0, 3)
    .map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`)
    .join('; ')
    .slice(0, 300);

/** A job that came from elsewhere, checked in every field; or what is wrong with it. */
export function readJob(
  data: unknown,
): { readonly ok: true; readonly job: SeedJob } | { readonly ok: false; readonly error: string } {
  const read = v.safeParse(jobSchema, data);
  return read.success ? { ok: true, job: read.output } : { ok: false, error: issuesOf(read.issues) };
}

/** The job for people: `sweep seed 12 of cynosdb, 5 s`. */
export function nameOf(job: SeedJob): string {
  switch (job.kind) {
    case 'item':
      return job.item;
    case 'flips':
      return 'flips';
    case 'fuzz':
      return `fuzz seed ${job.seed}`;
    case 'saysTape':
      return `says ${job.name}`;
    case 'saysLesson':
      return `says lesson ${job.lesson}`;
    case 'mutantTape':
      return `tape of ${job.mutant}`;
    case 'fates':
      return `fates of ${job.world} ${job.choice.shard.index + 1}/${job.choice.shard.count}`;
    default: {
      const planted = 'mutants' in job && job.mutants.length > 0 ? ` with ${job.mutants.join(', ')}` : '';
      return `${job.kind} seed ${job.seed} of ${clusterWord(job.preset)}, ${job.chaosUs / 1_000_000} s${planted}`;
    }
  }
}
