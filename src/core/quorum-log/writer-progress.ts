// How far the writer knows a replica of its group (docs/spec/wal.md WAL-12, WAL-15), as the leader of a Raft group knows a
// follower: in probe nothing was reported under this token, in replicate its SCL is known and what it lacks is on its way, in
// catchUp a part of what it lacks was sent again and the next part follows once it holds this one.

import type { Lsn, Time } from '../../base/ids.ts';
import { NONE } from '../../base/ids.ts';

/** Records sent again in parts. Invariant: `sent` < `to`. */
interface Resend {
  readonly to: Lsn;
  /** Last record of the newest part. */
  readonly sent: Lsn;
}

interface Known {
  /** Largest SCL reported under this token. Reads, resends and holdTo go by it. */
  scl: Lsn;
  /** Largest SCL reported under this token and the present memberEpoch: PGCL goes by it (WAL-15). */
  counted: Lsn;
}

export type ReplicaProgress =
  /** What was sent again unasked goes on once its SCL is known. */
  | { readonly kind: 'probe'; resend: Resend | null }
  | ({ readonly kind: 'replicate' } & Known)
  /** Invariant: `scl` < `resend.to`. */
  | ({ readonly kind: 'catchUp'; resend: Resend } & Known);

/** What a replica's progress changes with it. */
interface Follower {
  progress: ReplicaProgress;
  sclMovedAt: Time;
}

const known = (scl: Lsn, counted: Lsn, resend: Resend | null): ReplicaProgress =>
  resend !== null && scl < resend.to
    ? { kind: 'catchUp', scl, counted, resend }
    : { kind: 'replicate', scl, counted };

/** `scl` as reported to the recovery; null: it did not answer. */
export const beginProgress = (scl: Lsn | null): ReplicaProgress =>
  scl === null ? { kind: 'probe', resend: null } : known(scl, scl, null);

/** −1 while it is unknown. */
export const sclOf = ({ progress }: Follower): Lsn => (progress.kind === 'probe' ? NONE : progress.scl);

/** −1 while nothing was reported under the present members. */
export const countedOf = ({ progress }: Follower): Lsn =>
  progress.kind === 'probe' ? NONE : progress.counted;

/** Whether it has said that it holds all up to `lsn`. */
export const covers = ({ progress }: Follower, lsn: Lsn): boolean =>
  progress.kind !== 'probe' && progress.scl >= lsn;

/** An SCL reported under the writer's token and the present members; whether more counts than before. */
export function recordScl(replica: Follower, scl: Lsn, now: Time): boolean {
  const { progress } = replica;
  if (progress.kind === 'probe') {
    replica.progress = known(scl, scl, progress.resend);
    replica.sclMovedAt = now;
    return scl > NONE;
  }
  const isMore = scl > progress.counted;
  if (isMore) progress.counted = scl;
  if (scl <= progress.scl) return isMore;
  progress.scl = scl;
  replica.sclMovedAt = now;
  if (progress.kind === 'catchUp' && scl >= progress.resend.to)
    replica.progress = known(scl, progress.counted, null);
  return isMore;
}

/** The members changed: what it reported before counts no more. */
export function restartCount({ progress }: Follower): void {
  if (progress.kind !== 'probe') progress.counted = NONE;
}

/** It may have been made anew: what it reported is forgotten. */
export function forgetScl(replica: Follower): void {
  const { progress } = replica;
  if (progress.kind === 'probe') return;
  replica.progress = { kind: 'probe', resend: progress.kind === 'catchUp' ? progress.resend : null };
}

/** Of the records up to `to` that it lacks, those up to `sent` have gone out again. */
export function recordResend(replica: Follower, to: Lsn, sent: Lsn): void {
  const { progress } = replica;
  const resend = sent < to ? { to, sent } : null;
  if (progress.kind === 'probe') progress.resend = resend;
  else if (progress.kind === 'catchUp' && resend !== null) progress.resend = resend;
  else if (progress.kind === 'catchUp' || resend !== null)
    replica.progress = known(progress.scl, progress.counted, resend);
}

/** How far the next part of a resend goes; null: none is under way, or its newest part has not arrived. */
export const nextResend = ({ progress }: Follower): Lsn | null =>
  progress.kind === 'catchUp' && progress.scl >= progress.resend.sent ? progress.resend.to : null;
