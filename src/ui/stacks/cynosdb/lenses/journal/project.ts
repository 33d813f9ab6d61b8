// The journal lens: the log's way to one reader as a pipeline (docs/spec/readers.md §3). Received, merged by block, released by
// VDL, applied or skipped, with a lane for each applier; beside it the run-time information and every reader of the volume.
// Pure: node frames and events in, a model out.

import type { Range } from '../../../../../base/ids.ts';
import type { TableView } from '../../../../../core/engine/buffer-view.ts';
import type {
  BlockJournalView,
  HeldRecordView,
  ReaderLinkView,
  ReaderView,
} from '../../../../../core/reader/reader-view.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { readerLag } from '../../../../model/reader-lag.ts';
import { tablesSeen } from '../../../../model/tables-seen.ts';
import { findReaders } from '../pages/holders.ts';
import { findWriter } from '../wal/project.ts';

/** MTRs that VDL released at once: the LSNs `[first, last]`, how many records, how many of them were skipped (READ-11). */
export interface ReleasedSpan {
  readonly first: number;
  readonly last: number;
  readonly records: number;
  readonly skipped: number;
}

/** A parallel applier (READ-14): released blocks that wait for it, and the lists of the table that are its. */
export interface ApplierLane {
  readonly applier: number;
  readonly waiting: number;
  readonly blocks: readonly BlockJournalView[];
}

export interface ReaderRow {
  readonly node: string;
  readonly isUp: boolean;
  readonly view: ReaderView;
  /** Behind the writer's VDL, LSNs; −1: not known. */
  readonly lag: number;
  readonly sessions: number;
  /** Its session as the writer has it; null: there is none. */
  readonly link: ReaderLinkView | null;
  /** Its pin is the least of all: PGMRPL waits for it (READ-24). */
  readonly isFloor: boolean;
}

export interface JournalModel {
  readonly volume: string;
  readonly writer: string;
  readonly vdl: number;
  readonly pgmrpl: number;
  readonly rows: readonly ReaderRow[];
  readonly chosen: ReaderRow | null;
  readonly window: Range;
  readonly held: readonly HeldRecordView[];
  readonly lanes: readonly ApplierLane[];
  readonly released: readonly ReleasedSpan[];
  readonly tables: readonly TableView[];
  readonly cluster: LensSource['cluster'];
  /** The lists have been reported: until then nothing is known of them. */
  readonly isLoaded: boolean;
}

/** LSNs shown at least and at most, and before the visible one. */
const limits = { least: 48, most: 1024, before: 12 } as const;

/** What of the trace belongs to a reader, oldest first. */
export function releasedSpans(events: readonly ListedEvent[], node: string): readonly ReleasedSpan[] {
  const spans: ReleasedSpan[] = [];
  for (const { node: at, event } of events)
    if (at === node && event.kind === 'ro.released') {
      const { upTo, records, skipped } = event;
      spans.push({ first: upTo - records + 1, last: upTo, records, skipped });
    }
  return spans;
}

function chooseWindow(row: ReaderRow | null, vdl: number): Range {
  if (row === null) return [0, limits.least];
  const { receivedTo, applyLsn } = row.view;
  const newest = Math.max(vdl, receivedTo, row.link?.sentTo ?? -1) + 3;
  const from = Math.max(newest - limits.most, Math.min(applyLsn - limits.before, newest - limits.least));
  return [Math.max(0, from), newest];
}

/** `reader`: null, or a name that is none: the first. */
export function projectJournal(
  source: LensSource,
  reader: string | null,
  events: readonly ListedEvent[],
): JournalModel {
  const found = findWriter(source);
  const writer = found?.view ?? null;
  const vdl = writer?.vdl ?? -1;
  const readers = findReaders(source);
  const links = writer?.readers ?? [];
  const floor = Math.min(...links.map(({ mrpl }) => mrpl));
  const rows = readers.map(({ frame: { id, status }, view, reader: own }): ReaderRow => {
    const link = links.find((one) => one.reader === id) ?? null;
    return {
      node: id,
      isUp: status === 'up',
      view: own,
      lag: readerLag(own, vdl),
      sessions: view.sessions,
      link,
      isFloor: link !== null && link.mrpl === floor && floor < vdl,
    };
  });
  const chosen = rows.find(({ node }) => node === reader) ?? rows[0] ?? null;
  const blocks = chosen?.view.journal?.blocks ?? [];
  return {
    volume: source.cluster.volume,
    cluster: source.cluster,
    writer: found?.frame.id ?? '',
    vdl,
    pgmrpl: writer?.pgmrpl ?? -1,
    rows,
    chosen,
    window: chooseWindow(chosen, vdl),
    held: chosen?.view.journal?.held ?? [],
    lanes: (chosen?.view.appliers ?? []).map((waiting, applier) => ({
      applier,
      waiting,
      blocks: blocks.filter((block) => block.applier === applier),
    })),
    released: chosen === null ? [] : releasedSpans(events, chosen.node),
    tables: tablesSeen(source.nodes, source.cluster.volume, writer?.pages?.tables ?? []),
    isLoaded: chosen?.view.journal !== undefined,
  };
}
