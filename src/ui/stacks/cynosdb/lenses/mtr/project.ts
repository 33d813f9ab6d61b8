// Lens 4.2, the strip of mini-transactions: which groups each one wrote to, how far each record is on its way to the write
// quorum, where VCL and VDL stand, and the least cause that holds them back. Pure: node frames in, a model out; live,
// review and tests use the same (WAL-1, 3, 15–19, 74).

import { groupId, type Range } from '../../../../../base/ids.ts';
import type { AttachmentView } from '../../../../../core/compute/compute-view.ts';
import type { SessionView } from '../../../../../core/engine/buffer-view.ts';
import type { TraceOf } from '../../../../../core/kernel/trace.ts';
import type { ViewParams } from '../../../../../core/kernel/view-params.ts';
import type { RecordView } from '../../../../../core/log/record-view.ts';
import type { StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import type { LogBufferView } from '../../../../../core/quorum-log/log-view.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { healthOf, storeOf } from '../../../../model/node-facts.ts';
import { countedFrom } from '../wal/log-notes.ts';
import { findWriter, knownRecords } from '../wal/project.ts';

/** How far a record is: in the buffer, sent, on some disks, on enough of them, known to be, at or below VDL. */
export type RecordState = 'buffered' | 'sent' | 'partial' | 'unheard' | 'quorum' | 'durable';

export interface RecordCell {
  readonly lsn: number;
  readonly group: string;
  readonly state: RecordState;
  /** Replicas that hold it durably. */
  readonly copies: number;
  /** Empty, and −1, where the stores have dropped the record and only its place is known. */
  readonly kind: string;
  readonly blockKey: number;
}

export interface MtrItem {
  /** LSNs `[first, last)`. */
  readonly first: number;
  readonly last: number;
  /** False while its last record is outside of what is known. */
  readonly isWhole: boolean;
  readonly commit: boolean;
  readonly tx: number | null;
  readonly cells: readonly RecordCell[];
  /** The least of its records' states: what the whole MTR has come to. */
  readonly state: RecordState;
}

/** Why a replica does not hold a record yet. */
export type MissingWhy = 'down' | 'hole' | 'asked' | 'volatile' | 'notSent' | 'notArrived';

export interface BlockedBy {
  readonly lsn: number;
  readonly group: string;
  readonly copies: number;
  readonly vw: number;
  readonly missing: readonly { readonly replica: string; readonly why: MissingWhy }[];
}

export interface WaitingCommit {
  readonly tx: number;
  readonly scn: number;
  readonly sinceUs: number;
  /** Null: VDL has not followed VCL yet. */
  readonly by: BlockedBy | null;
}

export interface GroupLine {
  readonly group: string;
  readonly pgcl: number;
  readonly tail: number;
  /** First of its records above PGCL, or −1 when none is. */
  readonly firstAbove: number;
  readonly buffer: LogBufferView | null;
  /** Transactions whose records wait in the buffer; 0 is the engine itself. */
  readonly inBuffer: readonly number[];
}

export interface MtrModel {
  readonly volume: string;
  readonly window: Range;
  readonly writer: string;
  readonly vdl: number;
  readonly vcl: number;
  readonly tail: number;
  /** What the writer has traced of its log is here. */
  readonly isLoaded: boolean;
  /** From here the writer counts its LSNs on. */
  readonly base: number;
  /** It recovers: VDL is what it has computed. */
  readonly isRecovering: boolean;
  readonly lalLimit: number;
  readonly lal: number;
  readonly mtrs: readonly MtrItem[];
  readonly groups: readonly GroupLine[];
  /** Groups of the volume, in order. */
  readonly lanes: readonly string[];
  /** The writer does not know its marks yet. */
  readonly recovering: boolean;
  /** The smallest PGCL: not what VCL is (WAL-16). */
  readonly minPgcl: number;
  readonly blocked: BlockedBy | null;
  readonly waiting: readonly WaitingCommit[];
  readonly sessions: readonly SessionView[];
  /** Last CPL at or below VCL is VDL; the next one above it, or −1. */
  readonly nextCpl: number;
}

/** What the writer traced of its log: MTRs that the stores may have dropped the records of, and recoveries. */
export type LogEvent = TraceOf<'mtr.append'> | TraceOf<'recovery.computed'>;

export interface MtrSource extends LensSource {
  /** In the run's order; null: they are asked for. */
  readonly events: readonly LogEvent[] | null;
}

export interface MtrParams {
  readonly span: number;
  /** Exclusive end; null: follows the newest LSN. */
  readonly end: number | null;
}

interface Replica {
  readonly node: string;
  readonly isDown: boolean;
  readonly list: StoreGroupView | null;
}

const ranks: readonly RecordState[] = ['buffered', 'sent', 'partial', 'unheard', 'quorum', 'durable'];

function replicasOf({ cluster, nodes }: LensSource, group: string): readonly Replica[] {
  const spec = cluster.groups.find(({ id }) => id === group);
  return (spec?.replicas ?? []).map((node) => {
    const frame = nodes[node];
    const list = storeOf(frame)?.groups.find((view) => view.group === group) ?? null;
    return { node, isDown: frame === undefined || healthOf(frame) === 'down', list };
  });
}

const isIn = (range: Range, lsn: number): boolean => range[0] <= lsn && lsn < range[1];

const holds = ({ list }: Replica, lsn: number): boolean =>
  list !== null &&
  (lsn <= list.ncl || list.runs.some((run) => run.type === 'data' && run.first <= lsn && lsn < run.end)) &&
  !list.volatile.some((range) => isIn(range, lsn));

function whyMissing(replica: Replica, lsn: number, buffer: LogBufferView | null): MissingWhy {
  const { list } = replica;
  if (replica.isDown || list === null) return 'down';
  if (list.volatile.some((range) => isIn(range, lsn))) return 'volatile';
  const hole = list.runs.find((run) => run.type === 'hole' && run.first <= lsn && lsn < run.end);
  if (hole?.sent === true) return 'asked';
  if (hole !== undefined && hole.first <= list.nwl) return 'hole';
  return buffer !== null && buffer.sentTo >= 0 && lsn > buffer.sentTo ? 'notSent' : 'notArrived';
}

interface Context {
  readonly vdl: number;
  readonly replicas: ReadonlyMap<string, readonly Replica[]>;
  readonly writer: AttachmentView | null;
  readonly vw: ReadonlyMap<string, number>;
}

const bufferOf = ({ writer }: Context, group: string): LogBufferView | null =>
  writer?.log?.buffers.find((buffer) => buffer.group === group) ?? null;

function stateOf(context: Context, { lsn, group }: RecordView, copies: number): RecordState {
  const pgcl = context.writer?.groups.find((view) => view.group === group)?.pgcl ?? -1;
  if (lsn <= context.vdl) return 'durable';
  if (lsn <= pgcl) return 'quorum';
  if (copies >= (context.vw.get(group) ?? 1)) return 'unheard';
  if (copies > 0) return 'partial';
  const buffer = bufferOf(context, group);
  return buffer !== null && lsn > buffer.sentTo ? 'buffered' : 'sent';
}

function makeCell(context: Context, record: RecordView): RecordCell {
  const replicas = context.replicas.get(record.group) ?? [];
  const copies = replicas.filter((replica) => holds(replica, record.lsn)).length;
  const { lsn, group, kind, blockKey } = record;
  return { lsn, group, kind, blockKey, copies, state: stateOf(context, record, copies) };
}

/** Records in LSN order as mini-transactions; LSNs nobody in the picture knows part them. */
function makeMtrs(context: Context, records: readonly RecordView[]): readonly MtrItem[] {
  const items: { records: RecordView[]; cells: RecordCell[] }[] = [];
  for (const record of records) {
    const open = items.at(-1)?.records;
    const before = open?.at(-1);
    const joins =
      before !== undefined && before.lsn === record.lsn - 1 && before.mtrFirst === record.mtrFirst;
    const cell = makeCell(context, record);
    const last = items.at(-1);
    if (joins && last !== undefined) {
      last.records.push(record);
      last.cells.push(cell);
    } else items.push({ records: [record], cells: [cell] });
  }
  return items.map(({ records: own, cells }) => {
    const first = own[0]?.lsn ?? 0;
    const last = own.at(-1);
    return {
      first,
      last: (last?.lsn ?? first) + 1,
      isWhole: last?.cpl === true && own[0]?.mtrFirst === first,
      commit: last?.commit === true,
      tx: own.find((record) => record.tx !== undefined)?.tx ?? null,
      cells,
      state: ranks.find((rank) => cells.some((cell) => cell.state === rank)) ?? 'durable',
    };
  });
}

/** The record that VCL waits for, and who lacks it (WAL-16): nothing less has to happen for VCL to move on. */
function findBlocked(context: Context, records: readonly RecordView[], vcl: number): BlockedBy | null {
  const first = records.find(({ lsn, group }) => {
    const pgcl = context.writer?.groups.find((view) => view.group === group)?.pgcl ?? -1;
    return lsn > vcl && lsn > pgcl;
  });
  if (first === undefined) return null;
  const replicas = context.replicas.get(first.group) ?? [];
  const buffer = bufferOf(context, first.group);
  const missing = replicas
    .filter((replica) => !holds(replica, first.lsn))
    .map((replica) => ({ replica: replica.node, why: whyMissing(replica, first.lsn, buffer) }));
  const { lsn, group } = first;
  return { lsn, group, vw: context.vw.get(group) ?? 0, copies: replicas.length - missing.length, missing };
}

function groupLines(context: Context, records: readonly RecordView[]): readonly GroupLine[] {
  return (context.writer?.groups ?? []).map(({ group, pgcl, tail }) => {
    const buffer = bufferOf(context, group);
    const own = records.filter((record) => record.group === group);
    const waiting = buffer === null ? [] : own.filter(({ lsn }) => lsn > buffer.sentTo);
    return {
      group,
      pgcl,
      tail,
      firstAbove: own.find(({ lsn }) => lsn > pgcl)?.lsn ?? -1,
      buffer,
      inBuffer: [...new Set(waiting.map(({ tx }) => tx ?? 0))],
    };
  });
}

function chooseWindow({ span, end }: MtrParams, tail: number): Range {
  const last = end ?? Math.max(0, tail) + 2;
  return [Math.max(0, last - span), Math.max(last, span)];
}

/** Records by what the writer traced of them, for LSNs whose records nobody in the picture keeps; not what a recovery annulled. */
function tracedRecords(
  events: readonly LogEvent[],
  known: readonly RecordView[],
  [from, to]: Range,
): RecordView[] {
  const have = new Set(known.map(({ lsn }) => lsn));
  const byLsn = new Map<number, RecordView>();
  for (const event of events) {
    if (event.kind === 'recovery.computed') {
      for (const lsn of byLsn.keys()) if (lsn > event.vdlPrime) byLsn.delete(lsn);
      continue;
    }
    if (event.end <= from || to <= event.first) continue;
    const groups = event.groups.split(',');
    for (let lsn = Math.max(event.first, from); lsn < Math.min(event.end, to); lsn++)
      if (!have.has(lsn)) byLsn.set(lsn, tracedRecord(event, lsn, groups[lsn - event.first] ?? ''));
  }
  return [...byLsn.values()];
}

const tracedRecord = (event: TraceOf<'mtr.append'>, lsn: number, group: string): RecordView => ({
  lsn,
  group: groupId(group),
  mtrFirst: event.first,
  cpl: lsn === event.end - 1,
  commit: event.commit && lsn === event.end - 1,
  kind: '',
  blockKey: -1,
  prevVolume: -1,
  prevGroup: -1,
  prevBlock: -1,
  term: event.term,
  ...(event.tx === 0 ? {} : { tx: event.tx }),
});

/** Records above VDL that are asked for besides the window; more are seldom open, and every store sends each. */
const mostOpen = 1024;

/**
 * What the nodes have to tell for a window. However narrow it is, the records above VDL are asked for: next CPL and what VCL
 * waits for would else be those of the window.
 */
export function mtrNeed(
  model: Pick<MtrModel, 'vdl' | 'tail'> | null,
  { span, end }: MtrParams,
): Pick<ViewParams, 'lsnWindow' | 'span'> {
  const above = (model?.vdl ?? -1) + 1;
  const open = model === null || above === 0 ? 0 : Math.min(mostOpen, model.tail + 1 - above);
  const wide = Math.max(64, span, open);
  if (end === null) return { lsnWindow: null, span: wide };
  const from = Math.max(0, end - span);
  return {
    lsnWindow: open === 0 ? [from, end] : [Math.min(from, above), Math.max(end, above + open)],
    span: wide,
  };
}

export function projectMtr(source: MtrSource, params: MtrParams): MtrModel {
  const found = findWriter(source);
  const writer = found?.view ?? null;
  const vdl = writer?.vdl ?? -1;
  const vcl = writer?.vcl ?? -1;
  const tail = writer?.tail ?? -1;
  // A writer that recovers knows no mark yet: the stores' newest LSN and the newest VDL they received stand in.
  const known = source.cluster.nodes.flatMap(({ id }) => storeOf(source.nodes[id])?.groups ?? []);
  const newest = tail >= 0 ? tail : Math.max(-1, ...known.map(({ nwl }) => nwl));
  const received = Math.max(-1, ...known.map(({ knownVdl }) => knownVdl));
  const window = chooseWindow(params, newest);
  const kept = knownRecords(source, writer);
  const all = [...tracedRecords(source.events ?? [], kept, window), ...kept].sort((a, b) => a.lsn - b.lsn);
  const context: Context = {
    vdl: vdl >= 0 ? vdl : (writer?.recovery?.vdlPrime ?? received),
    writer,
    replicas: new Map(source.cluster.groups.map(({ id }) => [id as string, replicasOf(source, id)])),
    vw: new Map(source.cluster.groups.map(({ id, vw }) => [id as string, vw])),
  };
  const blocked = vcl < 0 ? null : findBlocked(context, all, vcl);
  return {
    volume: source.cluster.volume,
    window,
    writer: found?.frame.id ?? '',
    vdl,
    vcl,
    tail,
    isLoaded: source.events !== null,
    base: writer === null ? -1 : countedFrom(writer),
    isRecovering: writer?.state === 'recovering',
    lalLimit: writer?.allocationLimit ?? -1,
    lal: writer?.lal ?? 0,
    mtrs: makeMtrs(
      context,
      all.filter(({ lsn }) => isIn(window, lsn)),
    ),
    groups: groupLines(context, all),
    lanes: source.cluster.groups.map(({ id }) => id),
    recovering: writer !== null && vcl < 0,
    minPgcl: (writer?.groups ?? []).reduce(
      (least, { pgcl }) => (least < 0 ? pgcl : Math.min(least, pgcl)),
      -1,
    ),
    blocked,
    waiting: (writer?.commitsWaiting ?? []).map((commit) => ({
      ...commit,
      by: blocked !== null && blocked.lsn <= commit.scn ? blocked : null,
    })),
    sessions: writer?.log?.sessions ?? [],
    nextCpl: vdl < 0 ? -1 : (all.find(({ lsn, cpl }) => cpl && lsn > vdl)?.lsn ?? -1),
  };
}
