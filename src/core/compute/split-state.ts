// What a primary keeps of a split of its tablet (docs/spec/pcs.md PCS-46, PCS-47): plain data.

import type { Lsn, Term, Time } from '../../base/ids.ts';
import type { CarriedClient } from '../engine/clients-copy.ts';
import type { TableEntry } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';

export type SplitOrder = Extract<MessageOf<'SplitStep'>['step'], { kind: 'order' }>;

/** Of the primary that gives keys away. From `draining` on it takes nothing new, from `reading` on nothing at all. */
export interface ParentSplit {
  readonly kind: 'parent';
  readonly id: number;
  readonly token: Term;
  /** Of the tablet when it was frozen: with a greater one the keys are gone. */
  readonly geoEpoch: number;
  order: SplitOrder;
  /** What runs may end until then. */
  readonly drainUntil: Time;
  phase: 'draining' | 'reading' | 'clients' | 'loading' | 'telling' | 'copied' | 'failed';
  /** Why it failed. */
  code: string;
  /** VDL when all that was allocated was durable: the last of the log that has any of the keys. */
  lsn: Lsn;
  key: string;
  /** Rows that go, in text form. */
  rows: readonly (readonly (string | null)[])[];
  /** Of them the new primary has acknowledged. */
  taken: number;
  clients: readonly CarriedClient[];
  /** Token of the primary that has all of it on record; −1: none has said so. */
  told: number;
  /** Number of the request that is under way, to its own engine or to the new primary. */
  sequence: number;
}

/** Of the primary of the volume that is made. */
export interface ChildSplit {
  readonly kind: 'child';
  readonly id: number;
  readonly table: TableEntry;
  /** First relation of the tablet. */
  readonly relation: number;
  /** Token under which what clients have committed was begun to be put on record; −1: it was not. */
  put: number;
}

export type SplitPart = ParentSplit | ChildSplit;

/** Named deviations: (M138) it is never frozen; (M145) only until it has copied. */
export const isFrozenFor = (
  split: SplitPart | undefined,
  inTransaction: boolean,
  now: Time,
  broken: readonly string[],
): boolean =>
  split?.kind === 'parent' &&
  split.phase !== 'failed' &&
  !(split.phase === 'draining' && inTransaction && now < split.drainUntil) &&
  !broken.includes('seat.splits-unfrozen') &&
  !(split.phase === 'copied' && broken.includes('seat.thaws-early'));
