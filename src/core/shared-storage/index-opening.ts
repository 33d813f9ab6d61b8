// LogIndex as a writer finds it when it begins (docs/spec/logindex.md LI-28, LI-31): the meta, then the tables that say which pages are at its last
// LSN. Where one of them is not whole LogIndex is made anew from WAL: a meta above every file there is, durable before the first insert.

import { type RoleContext, trace } from '../kernel/context.ts';
import {
  type Opening,
  startOpening as openIndex,
  openLogIndex,
  stepOpening,
  writeMeta,
} from '../logindex/log-index.ts';
import {
  fileOf,
  firstMeta,
  META_PATH,
  type Meta,
  openMeta,
  pathOfFile,
  rebuildMeta,
  SECTOR_BYTES,
} from '../logindex/meta.ts';
import type { Call, Outcome } from '../pfs/mount-state.ts';
import { namesIn } from '../pfs/tree.ts';
import { beginTail } from './promotion.ts';
import { damageOf, promotionOf, type SharedSeat, volumeOf } from './shared-seat.ts';
import { INDEX_DIRECTORY, indexGeometry } from './sharing.ts';
import { startScan } from './wal-file.ts';

export const indexLayout: readonly Call[] = [
  { kind: 'mkdir', path: INDEX_DIRECTORY },
  { kind: 'fallocate', path: META_PATH, length: SECTOR_BYTES },
];

export const indexCall = (opening: Opening | null): Call => {
  const read = opening === null ? null : stepOpening(opening, null);
  if (read?.kind === 'read')
    return { kind: 'pread', file: read.path, offset: read.offset, length: read.length };
  return { kind: 'pread', file: META_PATH, offset: 0, length: SECTOR_BYTES };
};

/** A reader's part is not good any more: everything is read, as by a writer that starts. */
export function startCold<E>(seat: SharedSeat<E>): void {
  seat.redo = { kind: 'wal', damage: damageOf(seat) };
  seat.phase = { kind: 'index', opening: null };
}

/** WAL from the checkpoint on. */
export function beginScan<E>(seat: SharedSeat<E>): void {
  const { scanPosition, scanLsn } = seat.checkpoint;
  seat.phase = { kind: 'scan', scan: startScan(scanPosition, scanLsn) };
}

/** LI-31: meta first, then the tables that say which pages are at its last LSN. A file that is gone is damage as well. */
export function onIndexRead<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  known: Opening | null,
  outcome: Outcome,
): 'on' | 'retry' {
  const { sharing } = seat;
  const bytes = outcome.ok && outcome.value instanceof Uint8Array ? outcome.value : null;
  if (sharing === null || (bytes === null && (outcome.ok || outcome.error !== 'ENOENT'))) return 'retry';
  let opening = known;
  if (opening === null) {
    const opened = bytes?.[0]
      ? openMeta(indexGeometry(seat.config), bytes)
      : { ok: true as const, value: firstMeta };
    const promotion = promotionOf(seat);
    if (promotion !== null) {
      if (opened.ok && beginTail(seat, promotion, opened.value)) return 'on';
      startCold(seat);
    }
    if (!opened.ok) {
      rebuild(seat, ctx, firstMeta, 0, opened.error);
      return 'on';
    }
    const damage = damageOf(seat);
    if (damage !== null) {
      rebuild(seat, ctx, opened.value, damage.table, damage.why);
      return 'on';
    }
    opening = openIndex(indexGeometry(seat.config), opened.value);
  }
  const step = stepOpening(opening, known === null ? null : (bytes ?? new Uint8Array()));
  if (step.kind === 'read') seat.phase = { kind: 'index', opening };
  else if (step.kind === 'open') {
    sharing.index = step.index;
    beginScan(seat);
  } else rebuild(seat, ctx, opening.meta, step.table, step.why);
  return 'on';
}

/** LI-28: what WAL is scanned from is all that a reader which registers from now on may ask for. Files of before go once the meta is durable. */
function rebuild<E>(seat: SharedSeat<E>, ctx: RoleContext, damaged: Meta, table: number, why: string): void {
  const { sharing, checkpoint, host } = seat;
  if (sharing === null || host.mount === null) return;
  const names = namesIn(host.mount.meta, INDEX_DIRECTORY);
  const geometry = indexGeometry(seat.config);
  const files = names.ok ? names.value.map(Number).filter((one) => !Number.isNaN(one)) : [];
  const highest = Math.max(...files, fileOf(geometry, damaged.maxTableId), 0);
  const { scanLsn: walStart } = checkpoint;
  const meta = rebuildMeta(geometry, highest, walStart);
  const { path: file, offset, bytes } = writeMeta(geometry, meta);
  const script: Call[] = [
    { kind: 'pwrite', file, offset, bytes },
    ...files.map((one): Call => ({ kind: 'unlink', path: pathOfFile(one) })),
  ];
  sharing.index = openLogIndex(geometry, meta, []);
  seat.phase = { kind: 'rebuild', script };
  trace(ctx, { kind: 'index.rebuilt', volume: volumeOf(seat), table, walStart, why });
}

export function onRebuilt<E>(seat: SharedSeat<E>, script: Call[], outcome: Outcome): 'on' | 'retry' {
  if (!outcome.ok && outcome.error !== 'ENOENT') return 'retry';
  script.shift();
  if (script.length > 0) return 'on';
  seat.redo = { kind: 'wal', damage: null };
  beginScan(seat);
  return 'on';
}
