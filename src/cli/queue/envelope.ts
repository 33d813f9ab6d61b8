// What lies in the queue: a job in its envelope, and the verdict on it. Nothing that comes out is trusted: every field is read by a
// schema, and the key has to be that of the job.

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { canonical } from '../jobs/canonical.ts';
import { issuesOf, readJob, type SeedJob } from '../jobs/seed-job.ts';
import { MOST_INLINE_BYTES, MOST_JOB_BYTES, TWICE_EVERY } from './limits.ts';

/** Raised when a worker of before could not read it, or would read something else. */
const VERSION = 1;

export type Read<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly error: string };
const refused = (error: string): { readonly ok: false; readonly error: string } => ({ ok: false, error });

const id = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/));
const keySchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{24}$/));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const label = v.pipe(v.string(), v.maxLength(200));

const envelopeSchema = v.strictObject({
  version: v.literal(VERSION),
  campaign: id,
  build: hash,
  key: keySchema,
  /** The second run of a job that is given out twice. */
  isSecond: v.boolean(),
  job: v.unknown(),
});

export interface Envelope {
  readonly campaign: string;
  readonly build: string;
  readonly key: string;
  readonly isSecond: boolean;
  readonly job: SeedJob;
}

/** Names a job: of one build, all that it asks. A verdict counts once by it. */
export const keyOf = (build: string, job: SeedJob): string =>
  createHash('sha256')
    .update(canonical([build, job]))
    .digest('hex')
    .slice(0, 24);

/** Whether the job runs twice; the same for everybody who has its key. */
export const isTwice = (key: string): boolean => Number.parseInt(key.slice(0, 8), 16) % TWICE_EVERY === 0;

/** Name of the verdict in the campaign's table. */
export const fieldOf = ({ key, isSecond }: Pick<Envelope, 'key' | 'isSecond'>): string =>
  isSecond ? `${key}+` : key;

/** BullMQ's id: what is handed in again while it stands there is not there twice. */
export const jobIdOf = (envelope: Pick<Envelope, 'campaign' | 'key' | 'isSecond'>): string =>
  `${envelope.campaign}.${fieldOf(envelope)}`;

export function sealJob(envelope: Envelope): Read<{ readonly data: unknown }> {
  const data = { version: VERSION, ...envelope };
  const { length } = JSON.stringify(data);
  return length > MOST_JOB_BYTES ? refused(`a job of ${length} bytes`) : { ok: true, data };
}

/**
 * The job that lies in the queue under this id, or why it is none.
 * @param build of this worker: a job of another one is refused, and says so
 */
export function openJob(jobId: string, data: unknown, build: string): Read<{ readonly envelope: Envelope }> {
  const read = v.safeParse(envelopeSchema, data);
  if (!read.success) return refused(issuesOf(read.issues));
  const { version: _, job: asked, ...rest } = read.output;
  if (rest.build !== build) return refused(`it is of build ${rest.build}, this worker of ${build}`);
  const job = readJob(asked);
  if (!job.ok) return job;
  const envelope: Envelope = { ...rest, job: job.job };
  if (keyOf(build, job.job) !== rest.key) return refused('the key is of another job');
  return jobIdOf(envelope) === jobId ? { ok: true, envelope } : refused('the id is of another job');
}

/** Campaign and name of the verdict in the id of a job, also of a damaged one. */
export function namesIn(jobId: string): { readonly campaign: string; readonly field: string } | null {
  const found = /^([a-z0-9-]{1,60})\.([0-9a-f]{24}\+?)$/.exec(jobId);
  return found === null ? null : { campaign: found[1] ?? '', field: found[2] ?? '' };
}

const verdictSchema = v.strictObject({
  version: v.literal(VERSION),
  field: v.pipe(v.string(), v.regex(/^[0-9a-f]{24}\+?$/)),
  worker: label,
  machine: label,
  outcome: v.variant('kind', [
    v.strictObject({
      kind: v.literal('answer'),
      fingerprint: hash,
      /** The answer as JSON, deflated, in base64; a second run has none: its fingerprint is all that is asked. */
      packed: v.nullable(v.pipe(v.string(), v.maxLength(Math.ceil(MOST_INLINE_BYTES / 3) * 4 + 4))),
    }),
    v.strictObject({
      kind: v.literal('file'),
      fingerprint: hash,
      /** In the folder of results, by its content. */
      file: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}\.json\.deflated$/)),
    }),
    v.strictObject({ kind: v.literal('failed'), error: v.pipe(v.string(), v.maxLength(4000)) }),
  ]),
});

export type VerdictRecord = Omit<v.InferOutput<typeof verdictSchema>, 'version'>;
export type Outcome = VerdictRecord['outcome'];

export const sealVerdict = (record: VerdictRecord): string => JSON.stringify({ version: VERSION, ...record });

/** The verdict that lies under this name, or why it is none. */
export function openVerdict(field: string, text: string): Read<{ readonly record: VerdictRecord }> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return refused('it is not JSON');
  }
  const read = v.safeParse(verdictSchema, data);
  if (!read.success) return refused(issuesOf(read.issues));
  const { version: _, ...record } = read.output;
  return record.field === field ? { ok: true, record } : refused(`it is of ${record.field}`);
}
