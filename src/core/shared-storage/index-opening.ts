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
import { damageOf, promotionOf, type SharedAttachment, volumeOf } from './shared-attachment.ts';
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
export function startCold<E>(attachment: SharedAttachment<E>): void {
  attachment.redo = { kind: 'wal', damage: damageOf(attachment) };
  attachment.phase = { kind: 'index', opening: null };
}

/** WAL from the checkpoint on. */
export function beginScan<E>(attachment: SharedAttachment<E>): void {
  const { scanPosition, scanLsn } = attachment.checkpoint;
  attachment.phase = { kind: 'scan', scan: startScan(scanPosition, scanLsn) };
}

/** LI-31: meta first, then the tables that say which pages are at its last LSN. A file that is gone is damage as well. */
export function onIndexRead<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  known: Opening | null,
  outcome: Outcome,
): 'on' | 'retry' {
  const { sharing } = attachment;
  const bytes = outcome.ok && outcome.value instanceof Uint8Array ? outcome.value : null;
  if (sharing === null || (bytes === null && (outcome.ok || outcome.error !== 'ENOENT'))) return 'retry';
  let opening = known;
  if (opening === null) {
    const opened = bytes?.[0]
      ? openMeta(indexGeometry(attachment.config), bytes)
      : { ok: true as const, value: firstMeta };
    const promotion = promotionOf(attachment);
    if (promotion !== null) {
      if (opened.ok && beginTail(attachment, promotion, opened.value)) return 'on';
      startCold(attachment);
    }
    if (!opened.ok) {
      rebuild(attachment, ctx, firstMeta, 0, opened.error);
      return 'on';
    }
    const damage = damageOf(attachment);
    if (damage !== null) {
      rebuild(attachment, ctx, opened.value, damage.table, damage.why);
      return 'on';
    }
    opening = openIndex(indexGeometry(attachment.config), opened.value);
  }
  const step = stepOpening(opening, known === null ? null : (bytes ?? new Uint8Array()));
  if (step.kind === 'read') attachment.phase = { kind: 'index', opening };
  else if (step.kind === 'open') {
    sharing.index = step.index;
    beginScan(attachment);
  } else rebuild(attachment, ctx, opening.meta, step.table, step.why);
  return 'on';
}

/** LI-28: what WAL is scanned from is all that a reader which registers from now on may ask for. Files of before go once the meta is durable. */
function rebuild<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  damaged: Meta,
  table: number,
  why: string,
): void {
  const { sharing, checkpoint, host } = attachment;
  if (sharing === null || host.mount === null) return;
  const names = namesIn(host.mount.meta, INDEX_DIRECTORY);
  const geometry = indexGeometry(attachment.config);
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
  attachment.phase = { kind: 'rebuild', script };
  trace(ctx, { kind: 'index.rebuilt', volume: volumeOf(attachment), table, walStart, why });
}

export function onRebuilt<E>(
  attachment: SharedAttachment<E>,
  script: Call[],
  outcome: Outcome,
): 'on' | 'retry' {
  if (!outcome.ok && outcome.error !== 'ENOENT') return 'retry';
  script.shift();
  if (script.length > 0) return 'on';
  attachment.redo = { kind: 'wal', damage: null };
  beginScan(attachment);
  return 'on';
}
