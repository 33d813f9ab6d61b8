// Progress reports to the writer that runs a recovery (HOLE-47), and when a replica abstains from its read quorum (WAL-39).

import { type Lsn, MAX, type NodeId } from '../../../base/ids.ts';
import { send } from '../../kernel/context.ts';
import type { Refusal } from '../../kernel/fields.ts';
import { nextHole } from '../holes/hole-list.ts';
import { holeReport } from '../holes/hole-recovery.ts';
import type { StoreContext } from './hooks.ts';
import { lastAtOrBelow } from './log.ts';
import type { Group } from './state.ts';

export function sendReport(group: Group, ctx: StoreContext, to: NodeId, refused: Refusal | null): void {
  const { maxToken, volumeEpoch } = group.superblock;
  const report = holeReport(group.holes, group.scl);
  send(ctx, to, { kind: 'HistoryAck', ...report, token: maxToken, volumeEpoch, refused });
}

/** After every change while a recovery runs. */
export function reportRecovery(group: Group, ctx: StoreContext): void {
  const { superblock } = group;
  const { reportTo } = group.control;
  if (
    reportTo === null ||
    superblock.mode !== 'recovery' ||
    superblock.volumeEpoch !== group.holes.volumeEpoch
  )
    return;
  sendReport(group, ctx, reportTo, null);
}

/** WAL-39: a record above knownVdl may have been lost to damage and is not back yet: it may have been acknowledged. */
export const isDamaged = (group: Group): boolean =>
  group.repair.damaged.length > 0 && damagedSegments(group).size > 0;

/**
 * What a recovery may count (WAL-52): the walk begins at a knownVdl, so a hole at or below it hides nothing that the replica
 * has acknowledged above it.
 */
export function recoveryScl({ holes, watermarks, log, scl }: Group): Lsn {
  const { list } = holes;
  const hole = nextHole(list, Math.max(list.init, watermarks.knownVdl + 1), MAX);
  return Math.max(scl, lastAtOrBelow(log, (hole?.[0] ?? MAX) - 1)?.record.lsn ?? -1) as Lsn;
}

/** These stay on disk: without them the next start would not know what is missing. */
export function keptSegments(group: Group): Set<number> {
  const kept = damagedSegments(group);
  const { unsure, lostPageSegments } = group.repair;
  for (const ordinal of unsure?.ordinals ?? []) kept.add(ordinal);
  if (group.pages.lost.length > 0) for (const ordinal of lostPageSegments) kept.add(ordinal);
  return kept;
}

/** Of these a record above knownVdl may be missing. */
export function damagedSegments(group: Group): Set<number> {
  const { holes, watermarks, repair } = group;
  if (repair.damaged.length > 0)
    repair.damaged = repair.damaged.filter(
      ({ range: [first, end] }) =>
        nextHole(holes.list, Math.max(first, watermarks.knownVdl + 1), end) !== null,
    );
  return new Set(repair.damaged.map(({ ordinal }) => ordinal));
}
