// Up to where replicas ask for what they lack (HOLE-19): SGCL, and in a recovery the interval [minStart, maxNWL] (HOLE-42). Pure.

import type { StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import type { RecoveryView } from '../../../../../core/quorum-log/log-view.ts';
import type { ReplicaMode } from './model.ts';
import type { TermEntry } from './terms.ts';

export type FillLimit =
  | { readonly kind: 'normal'; readonly sgcl: number }
  /** The recovery that runs has not found it yet: it does in R3. */
  | { readonly kind: 'unknown' }
  /** Where minStart lies above maxNWL the group has no record of the newest term. */
  | { readonly kind: 'recovery'; readonly minStart: number; readonly maxNwl: number };

interface Source {
  readonly group: string;
  readonly sgcl: number;
  readonly recovery: RecoveryView | null;
  /** The newest history of the volume. */
  readonly newest: readonly TermEntry[];
  /** Of the selected replica. */
  readonly mode: ReplicaMode | null;
}

export function fillLimit({ group, sgcl, recovery, newest, mode }: Source): FillLimit {
  if (recovery !== null) {
    const maxNwl = recovery.groups.find((one) => one.group === group)?.maxNwl ?? null;
    // The recovery's own term ends the history once it is installed.
    const minStart = newest.findLast(({ term }) => term < recovery.token)?.startLsn;
    return maxNwl === null || minStart === undefined
      ? { kind: 'unknown' }
      : { kind: 'recovery', minStart, maxNwl };
  }
  // Its writer is gone, and nobody has gone on yet.
  if (mode?.kind === 'recovery') return { kind: mode.kind, minStart: mode.minStart, maxNwl: mode.maxNwl };
  return mode?.kind === 'fenced' ? { kind: 'unknown' } : { kind: 'normal', sgcl };
}

/** As one replica knows it. */
export const ownFillLimit = ({ mode, minStart, maxNwl, sgcl }: StoreGroupView): FillLimit =>
  mode === 'recovery' ? { kind: mode, minStart, maxNwl: maxNwl ?? -1 } : { kind: 'normal', sgcl };
