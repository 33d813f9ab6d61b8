// Lens 4.1, WAL & holes: who has which records, what is certain, who is asking whom. Pure: node frames in, a model out;
// live, review, replay and tests use the same (HOLE-4, 18, 19, 25; WAL-13…18).

import { MAX, type Range } from '../../../../../base/ids.ts';
import type { AttachmentView } from '../../../../../core/compute/compute-view.ts';
import type { ClusterSpec } from '../../../../../core/kernel/cluster-spec.ts';
import type { MembershipView } from '../../../../../core/kernel/membership.ts';
import type { ViewParams } from '../../../../../core/kernel/view-params.ts';
import type { RecordView } from '../../../../../core/log/record-view.ts';
import type { StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import { openHoles } from '../../../../../core/log-store/store-view.ts';
import type { RecoveryView } from '../../../../../core/quorum-log/log-view.ts';
import type { LinkFrame, NodeFrame } from '../../../../../run-model/picture/frame.ts';
import type { FlightView } from '../../../../../sim/types.ts';
import { memberNodes, memberStateOf, membersOf } from '../../../../model/members.ts';
import { computeOf, healthOf, storeOf } from '../../../../model/node-facts.ts';
import { groupRuns } from '../../../../model/runs.ts';
import { attachmentAt } from '../../../../model/volumes.ts';
import { type BracketGroup, recoveryBracket } from './bracket.ts';
import { fillLimit } from './fill-limit.ts';
import { countedFrom } from './log-notes.ts';
import type { Blocked, CopyCount, MtrBlock, ReplicaMode, ReplicaRow, WalModel, WalParams } from './model.ts';
import { effectiveScl, newestHistory, type TermEntry, type TermSpan, termSpans } from './terms.ts';

/** Smallest and largest span that "follow" chooses; the narrowest, where records are seen singly, and the widest. */
export const spanLimits = { least: 32, most: 512, single: 4, widest: 1_048_576 } as const;

/** The group's own newest record stays in view while the volume is less than this ahead of it. */
const reachBack = 120;

/** LSNs shown after VDL′ while a recovery annuls what follows it. */
const annulledShown = 16;

export interface WalSource {
  readonly cluster: ClusterSpec;
  readonly nodes: Readonly<Record<string, NodeFrame>>;
  /** Messages under way; absent: they are not looked at. */
  readonly flights?: readonly FlightView[];
  /** Links; absent: none is taken for cut. */
  readonly links?: readonly LinkFrame[];
}

/** Up to this many LSNs the records themselves are shown: each once per store, worth it while they can be seen. */
export const recordSpan = 128;

/**
 * What the nodes have to tell for a window. Wherever it stands, the records from VDL on are asked for: without them nobody could
 * say where a recovery would end.
 */
export function walNeed(
  model: Pick<WalModel, 'window' | 'vdl' | 'rows'> | null,
  end: number | null,
): Pick<ViewParams, 'lsnWindow' | 'span' | 'detail' | 'recordsFrom'> {
  const [from, to] = model?.window ?? [0, spanLimits.least];
  const isWide = to - from > recordSpan;
  const known = (model?.rows ?? []).flatMap(({ list }) => list?.knownVdl ?? []);
  return {
    lsnWindow: end === null ? null : [isWide ? from : Math.max(0, from - recordSpan), end],
    span: Math.max(spanLimits.least, to - from),
    detail: !isWide,
    recordsFrom: Math.max(0, Math.min(model?.vdl ?? 0, ...known) - spanLimits.least),
  };
}

/** Members in their order, those of one zone beside each other. */
function byZone(nodes: readonly string[], zoneOf: (node: string) => string): readonly string[] {
  const zones = [...new Set(nodes.map(zoneOf))];
  return zones.flatMap((zone) => nodes.filter((node) => zoneOf(node) === zone));
}

function findRows(source: WalSource, group: string, members: MembershipView): readonly ReplicaRow[] {
  const zones = new Map<string, string>(source.cluster.nodes.map(({ id, zone }) => [id, zone]));
  const zoneOf = (node: string): string => zones.get(node) ?? '';
  return byZone(memberNodes(members), zoneOf).map((node) => {
    const frame = source.nodes[node];
    const list = storeOf(frame)?.groups.find((view) => view.group === group) ?? null;
    return {
      node,
      zone: zoneOf(node),
      health: frame === undefined ? 'down' : healthOf(frame),
      member: memberStateOf(members, node),
      runs: [],
      scl: list?.scl ?? -1,
      effective: null,
      ncl: list?.ncl ?? -1,
      nwl: list?.nwl ?? -1,
      pgcl: list?.pgcl ?? -1,
      holes: list === null ? 0 : openHoles(list),
      list,
    };
  });
}

/** The window: given, or the newest LSNs and as far back as the replica that lags most behind its group. */
export function chooseWindow(
  params: WalParams,
  tail: number,
  vdl: number,
  rows: readonly ReplicaRow[],
  groupTail: number,
): Range {
  const newest = Math.max(tail, ...rows.map((row) => row.nwl), 0);
  // So narrow that records are seen singly, it ends with the newest one: what is not yet would fill it.
  const isNarrow = params.span !== null && params.span < spanLimits.least;
  const end = params.end ?? (isNarrow ? newest + 1 : Math.ceil((newest + 3) / 4) * 4);
  if (params.span !== null) return [Math.max(0, end - params.span), Math.max(end, params.span)];
  // A replica that has all of its group lacks nothing, however far the volume has gone on without that group.
  const known = rows.filter((row) => row.list !== null && row.ncl < groupTail);
  const oldest = Math.min(
    ...(vdl < 0 ? [newest] : [vdl]),
    ...known.map((row) => row.ncl),
    // After a recovery the group's records lie before the annulled LSNs: both stay in view.
    ...(newest - groupTail < reachBack ? [groupTail] : []),
  );
  let span: number = spanLimits.least;
  while (span < spanLimits.most && end - span > oldest - span / 8) span *= 2;
  return [Math.max(0, end - span), Math.max(end, span)];
}

function makeBlocks(records: readonly RecordView[], group: string, [from, to]: Range): MtrBlock[] {
  const blocks: MtrBlock[] = [];
  for (const record of records) {
    if (record.lsn < from || record.lsn >= to) continue;
    const own = record.group === group;
    const before = blocks.at(-1);
    // A block is what one MTR put into this group without a break; LSNs of other groups are marked each alone.
    if (before?.own && own && before.end === record.lsn && !before.cpl)
      blocks[blocks.length - 1] = { ...before, end: record.lsn + 1, cpl: record.cpl };
    else blocks.push({ first: record.lsn, end: record.lsn + 1, own, cpl: record.cpl });
  }
  return blocks;
}

/** LSNs that were given to nobody or annulled: the recovery that runs says so, later the history and the chain of the volume (WAL-53). */
function findAnnulled(
  everything: readonly RecordView[],
  recovery: RecoveryView | null,
  terms: readonly TermSpan[],
): readonly Range[] {
  if (recovery !== null) return recovery.annulled === null ? [] : [recovery.annulled];
  const between = terms.flatMap(({ kind, first, end }): Range[] =>
    kind === 'annulled' ? [[first, end]] : [],
  );
  const jumps = everything
    .filter(({ lsn, prevVolume }) => prevVolume >= 0 && prevVolume < lsn - 1)
    .map(({ lsn, prevVolume }): Range => [prevVolume + 1, lsn]);
  // A jump of the chain is one of the history's, or of a history that is gone.
  return [
    ...between,
    ...jumps.filter(([first]) => between.every(([from, to]) => first < from || first >= to)),
  ];
}

/** Replicas that hold each LSN durably, as runs of equal count. */
export function countCopies(rows: readonly ReplicaRow[], [from, to]: Range): CopyCount[] {
  const edges = new Set([from, to]);
  for (const row of rows)
    for (const run of row.runs) {
      edges.add(run.first);
      edges.add(run.end);
    }
  const points = [...edges].filter((lsn) => lsn >= from && lsn <= to).sort((a, b) => a - b);
  const counts: CopyCount[] = [];
  // Runs are in LSN order: one walk over each row, however many holes a window of a million LSNs has.
  const at = rows.map(() => 0);
  points.slice(0, -1).forEach((first, i) => {
    const end = points[i + 1] ?? first;
    let copies = 0;
    rows.forEach(({ runs }, row) => {
      let index = at[row] ?? 0;
      while (index < runs.length && (runs[index]?.end ?? 0) <= first) index++;
      at[row] = index;
      const run = runs[index];
      if (run?.kind === 'data' && run.first <= first && run.end >= end) copies++;
    });
    const before = counts.at(-1);
    if (before !== undefined && before.copies === copies) counts[counts.length - 1] = { ...before, end };
    else counts.push({ first, end, copies });
  });
  return counts;
}

/** Holes that this replica may not ask for now: above the limit that it knows (HOLE-19). */
function findBlocked(list: StoreGroupView | null): readonly Blocked[] {
  if (list === null) return [];
  return list.runs
    .filter((run) => run.type === 'hole' && !run.sent && run.end < MAX && run.first > list.discoverLimit)
    .filter((run) => run.first <= list.nwl)
    .map((run) => ({ range: [run.first, run.end] as const, limit: list.discoverLimit }));
}

/** Records known of any group: what the writer still keeps and what the stores list, each LSN once, ascending. */
export function knownRecords(
  source: Pick<WalSource, 'cluster' | 'nodes'>,
  writer: AttachmentView | null,
): readonly RecordView[] {
  const byLsn = new Map<number, RecordView>();
  // Another volume has LSNs of its own.
  const own = new Set<string>(source.cluster.groups.map(({ id }) => id));
  const add = (records: readonly RecordView[]): void => {
    for (const record of records) if (own.has(record.group)) byLsn.set(record.lsn, record);
  };
  for (const node of Object.values(source.nodes))
    for (const group of storeOf(node)?.groups ?? []) add(group.records);
  add(writer?.records ?? []);
  return [...byLsn.values()].sort((a, b) => a.lsn - b.lsn);
}

export function findWriter(
  source: Pick<WalSource, 'cluster' | 'nodes'>,
): { readonly frame: NodeFrame; readonly view: AttachmentView } | null {
  let best: ReturnType<typeof findWriter> = null;
  for (const { id } of source.cluster.nodes) {
    const frame = source.nodes[id];
    const compute = computeOf(frame);
    const view = compute && attachmentAt(compute, source.cluster.volume);
    if (frame === undefined || view === null) continue;
    if (best === null || view.token > best.view.token) best = { frame, view };
  }
  return best;
}

/** The step that installs the token has begun, and this replica has an older one. */
const hasMissed = (recovery: RecoveryView | null, token: number): recovery is RecoveryView =>
  recovery !== null && recovery.step !== 'token' && token < recovery.token;

/** Of a replica that does not run, or serves the group no more, nothing is known. */
function modeOf({ node, health, list }: ReplicaRow, recovery: RecoveryView | null): ReplicaMode | null {
  if (list === null || list.failed !== null || health === 'down') return null;
  const { maxToken: token, volumeEpoch, mode, minStart, maxNwl } = list;
  if (token > volumeEpoch) return { kind: 'fenced', node, token };
  return mode === 'recovery'
    ? { kind: mode, node, token, minStart, maxNwl: maxNwl ?? -1 }
    : { kind: mode, node, missed: hasMissed(recovery, token) ? recovery.token : null };
}

/** What each group's replicas would answer to a recovery read: durable SCL and known VDL, the crashed ones included. */
function bracketGroups(source: WalSource): readonly BracketGroup[] {
  return source.cluster.groups.map(({ id }) => {
    const { sets, vr } = membersOf(source, id);
    const known = (node: string): BracketGroup['sets'][number] => {
      const list = storeOf(source.nodes[node])?.groups.find((view) => view.group === id);
      return list === undefined ? [] : [{ scl: list.scl, knownVdl: list.knownVdl }];
    };
    return { group: id, vr, sets: sets.map((set) => set.flatMap(known)) };
  });
}

/** What may still become durable at a replica of each group: what one that is up has written and not synced, and what messages bring. */
function underWay({ cluster, nodes, flights = [] }: WalSource): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  const raise = (group: string, lsn: number): void =>
    void newest.set(group, Math.max(newest.get(group) ?? -1, lsn));
  const isUp = (node: string): boolean => nodes[node]?.status === 'up' || nodes[node]?.status === 'frozen';
  for (const { id } of cluster.nodes)
    for (const { group, nwl, volatile } of isUp(id) ? (storeOf(nodes[id])?.groups ?? []) : [])
      raise(group, Math.max(nwl, ...volatile.map(([, end]) => end - 1)));
  for (const { fate, to, label } of flights)
    if (fate !== 'lost' && label.kind === 'WriteBatch' && label.group !== null && isUp(to))
      raise(label.group, (label.range?.[1] ?? 0) - 1);
  return newest;
}

/** Nodes with which this one has a link that is cut, one way at least. */
function cutFrom({ links = [] }: WalSource, node: string | undefined): ReadonlySet<string> {
  const cut = links.filter((link) => link.cut && (link.from === node || link.to === node));
  return new Set(cut.map(({ from, to }): string => (from === node ? to : from)));
}

/** How nodes stand to the writer for a group: behind a cut link, else away where they are not up or an open writer does not hear them. */
function reachIn(source: WalSource, writer: ReturnType<typeof findWriter>, group: string): WalModel['reach'] {
  const cut = cutFrom(source, writer?.frame.id);
  const isOpen = writer?.view.state === 'open' && writer.frame.status === 'up';
  const heard = isOpen ? writer.view.groups.find((view) => view.group === group) : undefined;
  return (node) => {
    if (cut.has(node)) return 'cut';
    const frame = source.nodes[node];
    const isUp = frame !== undefined && healthOf(frame) === 'up';
    const isHeard = heard?.replicas.find(({ replica }) => replica === node)?.live ?? true;
    return isUp && isHeard ? 'reached' : 'away';
  };
}

function findUnreadable(source: WalSource, writer: ReturnType<typeof findWriter>): WalModel['unreadable'] {
  for (const { id: group } of source.cluster.groups) {
    const { sets, vr } = membersOf(source, group);
    const reach = reachIn(source, writer, group);
    for (const set of sets) {
      const live = set.filter((node) => reach(node) === 'reached').length;
      if (live < vr) return { by: writer?.frame.id ?? '–', group, live, vr };
    }
  }
  return null;
}

/** Histories of all replicas of the volume that tell theirs. */
const historiesOf = ({ nodes }: WalSource): readonly (readonly TermEntry[])[] =>
  Object.values(nodes).flatMap((node) =>
    (storeOf(node)?.groups ?? []).flatMap(({ history }) => (history === undefined ? [] : [history])),
  );

/** The log's terms: the newest history, and what the recovery that runs will add to it (WAL-53). */
function findTerms(
  newest: readonly TermEntry[],
  recovery: RecoveryView | null,
  window: Range,
): readonly TermSpan[] {
  const { token = 0, startLsn = null, vdlPrime = null } = recovery ?? {};
  const isNew = startLsn !== null && vdlPrime !== null && (newest.at(-1)?.term ?? -1) < token;
  const history = isNew ? [...newest, { term: token, startLsn, prevEnd: vdlPrime }] : newest;
  const spans = termSpans(history, window);
  return spans.length > 1 ? spans : [];
}

export function projectWal(source: WalSource, params: WalParams): WalModel {
  const groups = source.cluster.groups.map(({ id }) => id as string);
  const group = params.group !== null && groups.includes(params.group) ? params.group : (groups.at(-1) ?? '');
  const members = membersOf(source, group);
  const found = findWriter(source);
  const writer = found?.view ?? null;
  const bare = findRows(source, group, members);
  const tail = writer?.tail ?? -1;
  const vdl = writer?.vdl ?? Math.max(-1, ...bare.map((row) => row.list?.knownVdl ?? -1));
  const own = writer?.groups.find((view) => view.group === group);
  const pgcl = own?.pgcl ?? -1;
  const vdlPrime = writer?.recovery?.vdlPrime ?? null;
  const window = chooseWindow(
    params,
    vdlPrime === null ? tail : Math.max(tail, vdlPrime + annulledShown),
    vdlPrime === null ? vdl : Math.max(vdl, vdlPrime),
    bare,
    Math.max(own?.tail ?? tail, ...bare.map((row) => row.nwl)),
  );
  const recovery = writer?.recovery ?? null;
  const newest = newestHistory(historiesOf(source));
  const rows = bare.map((row) => ({
    ...row,
    runs: row.list === null ? [] : groupRuns(row.list, window, params.veiled),
    effective:
      recovery === null || row.list?.history === undefined
        ? null
        : effectiveScl(row.scl, row.list.history, newest),
  }));
  const chosen = rows.find((row) => row.node === params.replica);
  const worst = [...rows].sort((a, b) => b.holes - a.holes)[0] ?? null;
  const selected = chosen ?? (worst !== null && worst.holes > 0 ? worst : (rows.at(-1) ?? null));
  const everything = knownRecords(source, writer);
  const records = everything.filter(({ lsn }) => lsn >= window[0] && lsn < window[1]);
  const list = selected?.list ?? null;
  const terms = findTerms(newest, recovery, window);
  const mode = selected === null ? null : modeOf(selected, recovery);
  return {
    volume: source.cluster.volume,
    groups,
    group,
    quorum: { replicas: members.sets.at(-1)?.length ?? 0, vw: members.vw, vr: members.vr },
    members,
    window,
    writer:
      found === null
        ? null
        : {
            node: found.frame.id,
            state: found.view.state,
            health: healthOf(found.frame),
            token: found.view.token,
          },
    vdl,
    vcl: writer?.vcl ?? -1,
    pgcl,
    // All shards of a group have its PGCL, so SGCL is it (HOLE-18).
    sgcl: pgcl,
    tail,
    base: writer === null ? -1 : countedFrom(writer),
    lalLimit: found?.frame.status === 'down' ? -1 : (writer?.allocationLimit ?? -1),
    lal: writer?.lal ?? 0,
    waiting: writer?.commitsWaiting.length ?? 0,
    blocks: makeBlocks(records, group, window),
    records,
    rows,
    copies: countCopies(
      rows.filter(({ member }) => member !== 'learner'),
      window,
    ),
    selected,
    blocked: findBlocked(list),
    recovery,
    annulled: findAnnulled(everything, recovery, terms),
    terms,
    reach: reachIn(source, found, group),
    bracket: recovery !== null ? null : recoveryBracket(bracketGroups(source), everything, underWay(source)),
    unreadable: recovery !== null ? null : findUnreadable(source, found),
    mode,
    limit: fillLimit({ group, sgcl: pgcl, recovery, newest, mode }),
  };
}
