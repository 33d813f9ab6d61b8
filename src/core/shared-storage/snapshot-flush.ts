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
import { mayAppend } from './shared-log.ts';
import { type SharedSeat, volumeOf } from './shared-seat.ts';
import { placeOf } from './wal-places.ts';

/** One page at a time: `before` is read, then `lsn` logged; once that is durable the page is written. */
export interface Snapshotting {
  readonly page: PageKey;
  /** What is to be stored. */
  readonly image: Uint8Array;
  /** First change of the page since it was stored. */
  readonly oldestLsn: Lsn;
  /** What is stored, null: nothing; undefined while it is read. */
  before: Uint8Array | null | undefined;
  /** Of the snapshot's record. */
  lsn: Lsn | null;
}

/** The file's page is here; `isWhole`: it is sound, or was never stored. */
export function onBefore<E>(seat: SharedSeat<E>, before: Uint8Array | null, isWhole: boolean): void {
  const { snapshot, flush } = seat;
  if (snapshot === null) return;
  if (isWhole) snapshot.before = before;
  else {
    abandonWrite(flush, snapshot.page);
    seat.snapshot = null;
  }
}

/** Logs what was read, as soon as there is room; the page that may be written now. */
export function snapshotToStore<E>(seat: SharedSeat<E>, ctx: RoleContext): Snapshotting | null {
  const { snapshot, log, flush } = seat;
  if (snapshot === null || snapshot.before === undefined) return null;
  if (snapshot.lsn === null && !hasLogForPage(seat)) {
    abandonWrite(flush, snapshot.page); // it would hold back what gives the log room
    seat.snapshot = null;
    return null;
  }
  if (snapshot.lsn === null && mayAppend(seat, ctx, 1)) logSnapshot(seat, ctx, snapshot, snapshot.before);
  if (snapshot.lsn === null || snapshot.lsn > log.durable || pageLsn(snapshot.image) > log.durable)
    return null;
  seat.snapshot = null;
  return snapshot;
}

function logSnapshot<E>(
  seat: SharedSeat<E>,
  ctx: RoleContext,
  snapshot: Snapshotting,
  before: Uint8Array | null,
): void {
  const { flush, log, config } = seat;
  const { page, oldestLsn } = snapshot;
  const known = has(config.mutants, 'shared.snapshot-of-buffer') ? snapshot.image : before;
  const imageLsn = (known === null ? 0 : pageLsn(known)) as Lsn;
  const first = placeOf(log, oldestLsn);
  if (first === undefined) {
    abandonWrite(flush, page); // WAL from there on is gone: nobody could go on from an older image
    seat.snapshot = null;
    return;
  }
  const image = known ?? new Uint8Array();
  const { lsn: firstLsn, position } = first;
  const isBlind = has(config.mutants, 'shared.no-snapshot');
  const payload = snapshotPayload({ page, imageLsn, firstLsn, position, image });
  snapshot.lsn = isBlind ? (0 as Lsn) : logNote(seat, ctx, OP_PAGE_SNAPSHOT, payload);
  if (isBlind) return;
  noteSnapshot(flush, { page, lsn: snapshot.lsn, imageLsn });
  trace(ctx, {
    kind: 'snapshot.logged',
    volume: volumeOf(seat),
    blockKey: page,
    lsn: snapshot.lsn,
    imageLsn,
  });
}
