// What a primary keeps of a split of its tablet (docs/spec/placement.md PCS-46, PCS-47): plain data.

import type { Lsn, Term, Time } from '../../base/ids.ts';
import type { CarriedClient } from '../engine/clients-task.ts';
import type { TableEntry } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has, type Mutants } from '../kernel/mutants.ts';

export type SplitOrder = Extract<MessageOf<'SplitStep'>['step'], { kind: 'order' }>;

/** Of the primary that gives keys away. From `draining` on it takes nothing new, after it nothing at all. */
export interface ParentSplit {
  readonly kind: 'parent';
  readonly id: number;
  readonly token: Term;
  /** Of the tablet when it was frozen: with a greater one the keys are gone. */
  readonly geoEpoch: number;
  order: SplitOrder;
  /** What runs may end until then. */
  readonly drainUntil: Time;
  phase:
    | 'draining'
    // a key is chosen: the row in the middle, and whether a lower key is there, else the next key
    | 'counting'
    | 'choosing'
    | 'checking'
    | 'passing'
    // a batch of rows is read, and put at the new primary, until there are no more
    | 'reading'
    | 'loading'
    | 'clients'
    | 'sendingClients'
    | 'copied'
    | 'failed';
  /** Why it failed. */
  code: string;
  /** VDL when all that was allocated was durable: the last of the log that has any of the keys. */
  lsn: Lsn;
  /** In text form, the least that goes, once it is known. */
  key: string;
  /** Of the row in the middle, among all in key order. */
  place: number;
  /** The batch that is under way, in text form; and of it the new primary has acknowledged so many. */
  rows: readonly (readonly (string | null)[])[];
  taken: number;
  /** Rows of a batch, where rows are so large that the usual number would be no answer; absent: as many. */
  batch?: number;
  /** Key of the last row that was read. */
  after: readonly (string | null)[] | null;
  /** Rows that the new primary has. */
  copied: number;
  clients: readonly CarriedClient[];
  /** Token of the primary that has all of it on record; −1: none has said so. */
  acknowledgedBy: number;
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
  /** By the volume that sent it: the token under which what clients have committed there was begun to be put on record. */
  readonly put: Map<string, number>;
  /** Whose entries are being put: of two sources one after the other (PCS-122). */
  putting: string;
  /** Sources that are on record, with the token. */
  readonly onRecord: Map<string, number>;
}

/** Removal of the rows that a split left in its volume (split-trim.ts). */
export interface Trim {
  readonly token: Term;
  /** Of the tablet: its keys may change again meanwhile. */
  readonly geoEpoch: number;
  /** Key of the last row that is to be removed next, in text form; null: it is yet to be read. */
  upTo: readonly (string | null)[] | null;
  isDone: boolean;
  removed: number;
  /** Number of the request that is under way. */
  sequence: number;
}

export type SplitPart = ParentSplit | ChildSplit;

export const isFrozenFor = (
  split: SplitPart | undefined,
  inTransaction: boolean,
  now: Time,
  mutants: Mutants,
): boolean =>
  split?.kind === 'parent' &&
  split.phase !== 'failed' &&
  !(split.phase === 'draining' && inTransaction && now < split.drainUntil) &&
  !has(mutants, split.order.isWhole ? 'attachment.merges-unfrozen' : 'attachment.splits-unfrozen') &&
  !(split.phase === 'copied' && has(mutants, 'attachment.thaws-early'));
