// Where a value comes from: cell → row version → page at an LSN → record → MTR → transaction → statement. Each hop is read
// from what a store would read now at the same point (WAL-35), from the record's own fields, and from what the trace still
// remembers; what is gone is said to be gone. Pure.

import type { BufferView, TableView } from '../../../../../core/engine/buffer-view.ts';
import type { CommitView, StorePageView } from '../../../../../core/log-store/store-view.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import type { AskedPlace } from '../../../../model/asked-value.ts';
import { storeOf } from '../../../../model/node-facts.ts';
import { readPage, type SlotContent, tableOf } from '../../../../model/page-content.ts';
import { findWriter } from '../wal/project.ts';
import { recordOfSlot, replayed, replaySteps } from './replay.ts';

export interface FoundMtr {
  readonly first: number;
  readonly last: number;
  readonly groups: readonly string[];
}

export interface FoundStatement {
  /** Its start. */
  readonly listed: ListedEvent;
  readonly session: string;
  /** What the client asked: an operation, or the request that names a line of the tape. */
  readonly text: string;
  /** Request whose SQL text is on the tape; null for a workload's operation. */
  readonly request: string | null;
}

export interface Provenance {
  readonly table: string;
  readonly group: string;
  readonly store: string;
  readonly view: StorePageView | null;
  readonly pageLsn: number;
  readonly applied: readonly number[];
  readonly row: SlotContent | null;
  /** The transaction that made the row version, or 0. */
  readonly tx: number;
  readonly record: { readonly lsn: number; readonly kind: string } | null;
  /** No record of the chain made the row, but the base image below them has it: GC dropped its record. */
  readonly isInBase: boolean;
  readonly mtr: FoundMtr | null;
  readonly scn: number;
  readonly statement: FoundStatement | null;
}

interface Read {
  readonly store: string;
  readonly group: string;
  readonly view: StorePageView;
  readonly page: Uint8Array | null;
}

/** The store that can show the page at the read point, one whose base is in memory first. */
function findRead({ cluster, nodes }: LensSource, asked: AskedPlace, pageBytes: number): Read | null {
  const reads = cluster.groups.flatMap(({ id, replicas }) =>
    replicas.flatMap((store) => {
      const list = storeOf(nodes[store])?.groups.find(({ group }) => group === id);
      const view = list?.wanted?.find((one) => one.blockKey === asked.blockKey && one.at === asked.readPoint);
      if (view === undefined) return [];
      return [
        { store: store as string, group: id as string, view, page: replayed(replaySteps(view, pageBytes)) },
      ];
    }),
  );
  return reads.find(({ page }) => page !== null) ?? reads[0] ?? null;
}

function findCommit({ nodes }: LensSource, tx: number): CommitView | null {
  for (const frame of Object.values(nodes))
    for (const group of storeOf(frame)?.groups ?? []) if (group.commit?.tx === tx) return group.commit;
  return null;
}

function findMtr(
  events: readonly ListedEvent[],
  tx: number,
  group: string,
  lsn: number | null,
): FoundMtr | null {
  const made = events.flatMap(({ event }) => (event.kind === 'mtr.append' && event.tx === tx ? [event] : []));
  const found =
    made.find(({ first, end }) => lsn !== null && first <= lsn && lsn < end) ??
    made.filter(({ groups, commit }) => !commit && groups.split(',').includes(group)).at(-1);
  if (found === undefined) return null;
  return { first: found.first, last: found.end - 1, groups: [...new Set(found.groups.split(','))] };
}

function scnOf(events: readonly ListedEvent[], tx: number): number {
  for (const { event } of events) if (event.kind === 'commit.ack' && event.tx === tx) return event.scn;
  return -1;
}

function statementAt(start: ListedEvent): FoundStatement | null {
  const { event } = start;
  if (event.kind === 'sql.start')
    return { listed: start, session: event.session, text: event.request, request: event.request };
  if (event.kind !== 'op.invoke') return null;
  const text = [event.operation, event.key, event.value].filter((part) => part !== '').join(' ');
  return { listed: start, session: event.client, text, request: null };
}

/** The input that made an event, and the one whose message caused that, back to the client's. */
function causeOf(events: readonly ListedEvent[], from: ListedEvent): FoundStatement | null {
  const steps = 12;
  let node = from.causeNode;
  let ordinal = from.causeOrdinal;
  for (let i = 0; i < steps && node !== null; i++) {
    const same = events.filter((one) => one.node === node && one.ordinal === ordinal && one.at <= from.at);
    for (const one of same) {
      const found = statementAt(one);
      if (found !== null) return found;
    }
    const next = same[0];
    node = next?.causeNode ?? null;
    ordinal = next?.causeOrdinal ?? 0;
  }
  return null;
}

/** By the cause of the transaction's first record; else by the client's operation that was answered with the SCN. */
function findStatement(events: readonly ListedEvent[], tx: number, scn: number): FoundStatement | null {
  const first = events.find(({ event }) => event.kind === 'mtr.append' && event.tx === tx);
  const caused = first === undefined ? null : causeOf(events, first);
  if (caused !== null) return caused;
  const answer = events.find(({ event }) => event.kind === 'op.return' && event.scn === scn && scn >= 0);
  if (answer?.event.kind !== 'op.return') return null;
  const { client, op } = answer.event;
  const invoked = events.find(
    ({ event }) => event.kind === 'op.invoke' && event.client === client && event.op === op,
  );
  return invoked === undefined ? null : statementAt(invoked);
}

/** The version in the writer's buffer, where the store's own bytes are on its disk only: the same slot, the same value. */
function bufferedRow(
  buffer: BufferView | undefined,
  table: TableView | null,
  asked: AskedPlace,
): SlotContent | null {
  const image = buffer?.images.find(({ blockKey }) => blockKey === asked.blockKey);
  const content = image === undefined ? null : readPage(image.bytes, table);
  const row = content?.kind === 'heap' ? content.slots.find(({ slot }) => slot === asked.slot) : undefined;
  const column = table?.columns.findIndex(({ name }) => name === asked.column) ?? -1;
  if (row === undefined || row.kind !== 'row') return null;
  return column < 0 || row.values?.[column] === asked.value ? row : null;
}

export function findProvenance(
  source: LensSource,
  asked: AskedPlace,
  events: readonly ListedEvent[],
): Provenance | null {
  const buffer = findWriter(source)?.view.pages;
  const table = tableOf(asked.blockKey, buffer?.tables ?? []);
  const read = findRead(source, asked, buffer?.pageBytes ?? 0);
  const content = read?.page ? readPage(read.page, table) : null;
  const stored = content?.kind === 'heap' ? content.slots.find(({ slot }) => slot === asked.slot) : undefined;
  const row = stored ?? bufferedRow(buffer, table, asked);
  const made = read === null ? null : recordOfSlot(read.view, asked.slot);
  const tx = row?.xmin ?? made?.tx ?? 0;
  const group = read?.group ?? '';
  const scn = findCommit(source, tx)?.lsn ?? scnOf(events, tx);
  const base = read?.view.baseLsn ?? -1;
  return {
    table: table?.name ?? '',
    group,
    store: read?.store ?? '',
    view: read?.view ?? null,
    pageLsn: content?.lsn ?? -1,
    applied: (read?.view.records ?? [])
      .map((record) => record.lsn)
      .filter((lsn) => lsn > base && lsn <= asked.readPoint),
    row,
    tx,
    record: made === null ? null : { lsn: made.lsn, kind: made.kind },
    isInBase: made === null && row !== null && base >= 0,
    mtr: tx === 0 ? null : findMtr(events, tx, group, made?.lsn ?? null),
    scn,
    statement: tx === 0 ? null : findStatement(events, tx, scn),
  };
}

/** The SQL text of a request, from the tape: its id carries the time of its line in µs and its place among that time's. */
export function textOfRequest(tape: string, request: string): string | null {
  const parts = /^q(\d+)\.(\d+)$/.exec(request);
  if (parts === null) return null;
  const time = (Number(parts[1]) / 1000).toFixed(3);
  const lines = tape.split('\n').filter((line) => line.startsWith(`${time} sql `));
  const line = lines[Number(parts[2])] ?? lines[0];
  const text = line === undefined ? null : /"((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  return text === undefined || text === null ? null : text.replace(/\\n/g, ' ').replace(/\\(.)/g, '$1');
}
