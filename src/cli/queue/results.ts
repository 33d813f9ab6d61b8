// Answers as bytes: deflated in the queue, and where that is more than a verdict may take there, in a file. The folder of such files is
// POSTDB_LAB_RESULTS, the same shared one for the workers and for whoever reports, where they are on several machines.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Answer, fingerprintOf, readAnswer } from '../jobs/answers.ts';
import type { JobKind, SeedJob } from '../jobs/seed-job.ts';
import type { Outcome, Read } from './envelope.ts';
import { MOST_ANSWER_BYTES, MOST_INLINE_BYTES } from './limits.ts';

const folder = (): string =>
  process.env.POSTDB_LAB_RESULTS ?? join('node_modules', '.cache', 'postdb-lab', 'results');

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** @param isSecond only its fingerprint is asked */
export function packAnswer(answer: Answer, isSecond: boolean): Outcome {
  const fingerprint = fingerprintOf(answer);
  if (isSecond) return { kind: 'answer', fingerprint, packed: null };
  const bytes = deflateRawSync(JSON.stringify(answer));
  if (bytes.length <= MOST_INLINE_BYTES)
    return { kind: 'answer', fingerprint, packed: bytes.toString('base64') };
  const file = `${hashOf(bytes)}.json.deflated`;
  const path = join(folder(), file);
  mkdirSync(folder(), { recursive: true });
  if (!existsSync(path)) {
    writeFileSync(`${path}.${process.pid}`, bytes);
    renameSync(`${path}.${process.pid}`, path);
  }
  return { kind: 'file', fingerprint, file };
}

/** The bytes of a result file, or why they are not to be had. */
function readFile(file: string): Read<{ readonly bytes: Uint8Array }> {
  const path = join(folder(), file);
  if (!existsSync(path)) return { ok: false, error: `the result ${file} is not in POSTDB_LAB_RESULTS` };
  if (statSync(path).size > MOST_ANSWER_BYTES) return { ok: false, error: `the result ${file} is too large` };
  const bytes = readFileSync(path);
  return file.startsWith(hashOf(bytes))
    ? { ok: true, bytes }
    : { ok: false, error: `the result ${file} is damaged` };
}

/** The answer to this job, checked in every field and by its fingerprint. */
export function unpackAnswer<K extends JobKind>(
  job: SeedJob<K>,
  outcome: Exclude<Outcome, { readonly kind: 'failed' }>,
): Read<{ readonly answer: Answer<K> }> {
  if (outcome.kind === 'answer' && outcome.packed === null) return { ok: false, error: 'it has no answer' };
  const read =
    outcome.kind === 'file'
      ? readFile(outcome.file)
      : ({ ok: true, bytes: Buffer.from(outcome.packed ?? '', 'base64') } as const);
  if (!read.ok) return read;
  let data: unknown;
  try {
    data = JSON.parse(inflateRawSync(read.bytes, { maxOutputLength: MOST_ANSWER_BYTES }).toString());
  } catch {
    return { ok: false, error: 'it cannot be unpacked' };
  }
  const checked = readAnswer(job, data);
  if (!checked.ok) return checked;
  return fingerprintOf(checked.answer) === outcome.fingerprint
    ? checked
    : { ok: false, error: 'its fingerprint is of another answer' };
}
