// Snapshots of pages at the writer (docs/spec/logindex.md LI-50 to LI-53): a page that is old, and far beyond what some reader has applied, is
// stored all the same. First what its file has is read and logged; readers that are behind go on from there.

import type { Lsn } from '../../base/ids.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { abandonWrite, noteSnapshot } from '../logindex/flush-control.ts';
import { pageLsn } from '../page/page.ts';
import type { PageKey } from '../page/page-key.ts';
import { OP_PAGE_SNAPSHOT, snapshotPayload } from '../page/redo-ops.ts';
import { logNote } from './ddl-locks.ts';
import { hasLogForPage } from './room.ts';
import { type SharedAttachment, volumeOf } from './shared-attachment.ts';
import { mayAppend } from './shared-log.ts';
import { placeOf } from './wal-places.ts';

/** One page at a time. */
export interface Snapshotting {
  readonly page: PageKey;
  /** What is to be stored. */
  readonly image: Uint8Array;
  /** First change of the page since it was stored. */
  readonly oldestLsn: Lsn;
  /** What is stored is `read`; it waits to be logged, null: nothing is stored; once the record is durable the page may be written. */
  stage:
    | { readonly kind: 'read' }
    | { readonly kind: 'log'; readonly before: Uint8Array | null }
    | { readonly kind: 'logged'; readonly lsn: Lsn };
}

/** The file's page is here; `isWhole`: it is sound, or was never stored. */
export function onBefore<E>(
  attachment: SharedAttachment<E>,
  before: Uint8Array | null,
  isWhole: boolean,
): void {
  const { snapshot, flush } = attachment;
  if (snapshot === null) return;
  if (isWhole) snapshot.stage = { kind: 'log', before };
  else {
    abandonWrite(flush, snapshot.page);
    attachment.snapshot = null;
  }
}

/** Logs what was read, as soon as there is room; the page that may be written now. */
export function snapshotToStore<E>(attachment: SharedAttachment<E>, ctx: RoleContext): Snapshotting | null {
  const { snapshot, log, flush } = attachment;
  if (snapshot?.stage.kind === 'log' && !hasLogForPage(attachment)) {
    abandonWrite(flush, snapshot.page); // it would hold back what gives the log room
    attachment.snapshot = null;
    return null;
  }
  if (snapshot?.stage.kind === 'log' && mayAppend(attachment, ctx, 1))
    logSnapshot(attachment, ctx, snapshot, snapshot.stage.before);
  if (snapshot?.stage.kind !== 'logged') return null;
  if (snapshot.stage.lsn > log.durable || pageLsn(snapshot.image) > log.durable) return null;
  attachment.snapshot = null;
  return snapshot;
}

function logSnapshot<E>(
  attachment: SharedAttachment<E>,
  ctx: RoleContext,
  snapshot: Snapshotting,
  before: Uint8Array | null,
): void {
  const { flush, log, config } = attachment;
  const { page, oldestLsn } = snapshot;
  const known = has(config.mutants, 'shared.snapshot-of-buffer') ? snapshot.image : before;
  const imageLsn = (known === null ? 0 : pageLsn(known)) as Lsn;
  const first = placeOf(log, oldestLsn);
  if (first === undefined) {
    abandonWrite(flush, page); // WAL from there on is gone: nobody could go on from an older image
    attachment.snapshot = null;
    return;
  }
  const image = known ?? new Uint8Array();
  const { lsn: firstLsn, position } = first;
  const isBlind = has(config.mutants, 'shared.no-snapshot');
  const payload = snapshotPayload({ page, imageLsn, firstLsn, position, image });
  const lsn = isBlind ? (0 as Lsn) : logNote(attachment, ctx, OP_PAGE_SNAPSHOT, payload);
  snapshot.stage = { kind: 'logged', lsn };
  if (isBlind) return;
  noteSnapshot(flush, { page, lsn, imageLsn });
  trace(ctx, {
    kind: 'snapshot.logged',
    volume: volumeOf(attachment),
    blockKey: page,
    lsn,
    imageLsn,
  });
}
