// Snapshots of pages at a reader (docs/spec/logindex.md LI-52): an image that is stored beyond applyLsn. WAL above applyLsn has, durable before that
// image was stored, a record with the one before it; from the place that the record names on WAL has what that lacks.

import type { Lsn } from '../../base/ids.ts';
import { changeOf } from '../page/record-pages.ts';
import type { RedoStep } from '../page/redo.ts';
import { type PageSnapshot, pageSnapshot } from '../page/redo-ops.ts';
import { storedPage } from './page-file.ts';
import type { Load, ReplayStep } from './page-replay.ts';
import { scannedLsn, startScan, takeSegment } from './wal-file.ts';

/** Begins to look for the first snapshot of the page above the read point. */
export function seekSnapshot({ replay: { places, end } }: ReplayStep, load: Load): void {
  const first = (load.at + 1) as Lsn;
  load.stage = { kind: 'seek', scan: startScan(places.get(first)?.position ?? end, first) };
}

/** What WAL has of the page above the snapshot's image, which is the load's from then on. `more`: another segment; `none`: there is no snapshot. */
export function changesSince(
  step: ReplayStep,
  load: Load,
  bytes: Uint8Array,
): 'more' | 'none' | readonly RedoStep[] {
  const { stage } = load;
  if (stage.kind !== 'seek' && stage.kind !== 'history') return 'none';
  const { scan } = stage;
  const otherwise = takeSegment(scan, bytes) === 'more' ? 'more' : 'none';
  const records = scan.records.map(({ encoded }) => encoded.record);
  if (stage.kind === 'seek') {
    for (const { op, payload } of records) {
      const found = pageSnapshot(op, payload);
      if (found?.page !== load.request.page) continue;
      resumeFrom(step, load, found);
      return 'more';
    }
    return otherwise;
  }
  const { parsedLsn } = step.replay.parser;
  if (scannedLsn(scan) < parsedLsn) return otherwise;
  return records
    .filter(({ lsn }) => lsn > load.from && lsn <= parsedLsn)
    .flatMap((record) => changeOf(record, load.request.page) ?? []);
}

function resumeFrom({ config }: ReplayStep, load: Load, found: PageSnapshot): void {
  const { image, imageLsn, firstLsn, position } = found;
  load.image = image.length === 0 ? null : storedPage(image, load.request.page, config.params.pageBytes);
  load.from = imageLsn as Lsn;
  load.source = 'SNAPSHOT';
  load.stage = { kind: 'history', scan: startScan(position, firstLsn as Lsn) };
}
