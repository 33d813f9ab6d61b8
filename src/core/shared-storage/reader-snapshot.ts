// Snapshots of pages at a reader (docs/spec/logindex.md LI-52): an image that is stored beyond applyLsn. WAL above applyLsn has, durable before that
// image was stored, a record with the one before it; from the place that the record names on WAL has what that lacks.

import type { Lsn } from '../../base/ids.ts';
import { changeOf } from '../page/record-pages.ts';
import type { PageChange } from '../page/redo.ts';
import { type PageSnapshot, pageSnapshot } from '../page/redo-ops.ts';
import type { Call } from '../pfs/mount-state.ts';
import { storedPage } from './page-file.ts';
import type { Load, SharedReader } from './shared-reader.ts';
import { SEGMENT_BYTES, scannedLsn, segmentAt, segmentPath, startScan, takeWal } from './wal-file.ts';

/** Begins to look for the first snapshot of the page above the read point. */
export function seekSnapshot<E>({ places, end }: SharedReader<E>, load: Load): void {
  const first = (load.at + 1) as Lsn;
  load.stage = 'seek';
  load.scan = startScan(places.get(first)?.position ?? end, first);
}

export function scanCall({ scan }: Load): Call {
  const at = scan?.readAt ?? 0;
  const offset = at % SEGMENT_BYTES;
  return { kind: 'pread', file: segmentPath(segmentAt(at)), offset, length: SEGMENT_BYTES - offset };
}

/** `more`: another segment; `none`: there is no snapshot; `here`: image and changes of the page are in the load. */
export function onScanned<E>(
  reader: SharedReader<E>,
  load: Load,
  bytes: Uint8Array,
): 'more' | 'none' | 'here' {
  const { scan } = load;
  if (scan === null) return 'none';
  const isWhole = scan.readAt % SEGMENT_BYTES === SEGMENT_BYTES - bytes.length;
  const goesOn = takeWal(scan, bytes) === 'more' && isWhole && bytes.length > 0;
  const records = scan.records.map(({ encoded }) => encoded.record);
  if (load.stage === 'seek') {
    for (const { op, payload } of records) {
      const found = pageSnapshot(op, payload);
      if (found?.page !== load.wanted.page) continue;
      goOnFrom(reader, load, found);
      return 'more';
    }
    return goesOn ? 'more' : 'none';
  }
  const { parsedLsn } = reader.parser;
  if (scannedLsn(scan) < parsedLsn) return goesOn ? 'more' : 'none';
  load.history = records
    .filter(({ lsn }) => lsn > load.from && lsn <= parsedLsn)
    .flatMap((record) => changeOf(record, load.wanted.page) ?? []) satisfies readonly PageChange[];
  return 'here';
}

function goOnFrom<E>({ config }: SharedReader<E>, load: Load, found: PageSnapshot): void {
  const { image, imageLsn, firstLsn, position } = found;
  load.image = image.length === 0 ? null : storedPage(image, load.wanted.page, config.params.pageBytes);
  load.from = imageLsn as Lsn;
  load.source = 'SNAPSHOT';
  load.stage = 'history';
  load.scan = startScan(position, firstLsn as Lsn);
}
