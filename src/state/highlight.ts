// Linked selection: the scope of a selected subject, worked out once when it is selected, and the questions that every
// view asks of it: is this node, link, message, LSN, group, page or event lit? Pure. A node or a link by itself dims
// nothing; an LSN, MTR, page, row, group, message, request, event or trace dims what it is not about.

import type { RecordView } from '../core/log/record-view.ts';
import type { ListedEvent, WorldFrame } from '../run-model/picture/frame.ts';
import type { FlightView } from '../sim/types.ts';
import { nodesWith, ownVolume, replicasIn, volumesIn, writersIn } from './role-views.ts';
import type { Subject } from './subject.ts';

export interface SelectionScope {
  /** LSNs `[first, last)`, or null when no LSN is named. */
  readonly lsns: readonly [number, number] | null;
  readonly group: string | null;
  /** Groups of the volume that the LSNs are of; null while there is only one: the next has other records at them. */
  readonly groups: readonly string[] | null;
  /** Pages by key; null: none is named. */
  readonly pages: readonly number[] | null;
  readonly trace: number | null;
  /** Nodes that take part; null: every node. */
  readonly nodes: readonly string[] | null;
  /** Messages named by themselves. */
  readonly messages: readonly string[];
  readonly event: number | null;
}

/** Records of an MTR whose pages are looked up. */
const recordsSought = 64;

const nothing: SelectionScope = {
  lsns: null,
  group: null,
  groups: null,
  pages: null,
  trace: null,
  nodes: null,
  messages: [],
  event: null,
};

/** Groups of a volume (null: of the first); null while there is only one. */
export function groupsOf(frame: WorldFrame, volume: string | null): readonly string[] | null {
  const all = volumesIn(frame);
  if (all.length < 2) return null;
  return all.find(({ name }) => name === (volume ?? ownVolume(frame.cluster, all)))?.groups ?? null;
}

/** The volume that a group is of; null when only one is known. */
export const volumeOfGroup = (frame: WorldFrame, group: string): string | null =>
  volumesIn(frame).find(({ groups }) => groups.some((id) => id === group))?.name ?? null;

/** The record at an LSN of a volume's groups (null: of any) as anybody in the picture knows it. */
export function findRecord(
  frame: WorldFrame,
  lsn: number,
  groups: readonly string[] | null,
): RecordView | null {
  const lists = [...writersIn(frame).map(({ view }) => view), ...replicasIn(frame).map(({ list }) => list)];
  const isMeant = (record: RecordView): boolean =>
    record.lsn === lsn && (groups === null || groups.includes(record.group));
  for (const { records } of lists) {
    const found = records.find(isMeant);
    if (found !== undefined) return found;
  }
  return null;
}

/** Pages of the records in `[first, last)` that anybody in the picture knows; null when none is known. */
function pagesOf(
  frame: WorldFrame,
  [first, last]: readonly [number, number],
  groups: readonly string[] | null,
): readonly number[] | null {
  const keys = new Set<number>();
  for (let lsn = first; lsn < Math.min(last, first + recordsSought); lsn++) {
    const record = findRecord(frame, lsn, groups);
    if (record !== null) keys.add(record.blockKey);
  }
  return keys.size === 0 ? null : [...keys];
}

/** Who stores a group and who writes it. */
function membersOf(frame: WorldFrame, group: string | null): readonly string[] | null {
  if (group === null) return null;
  const spec = frame.cluster.groups.find(({ id }) => id === group);
  // A restored volume's groups are known by the stores that have them.
  const replicas =
    spec?.replicas ?? replicasIn(frame).flatMap(({ node, list }) => (list.group === group ? [node] : []));
  if (replicas.length === 0) return null;
  return [...nodesWith(frame, 'compute'), ...replicas];
}

function scopeOfMessage(id: string, frame: WorldFrame): SelectionScope {
  const flight = frame.flights.find((one) => one.id === id);
  if (flight === undefined) return { ...nothing, messages: [id] };
  const { group, range, trace } = flight.label;
  return {
    ...nothing,
    messages: [id],
    nodes: [flight.from, flight.to],
    group,
    lsns: range,
    trace: trace === undefined || trace === 0 ? null : trace,
  };
}

function scopeOfRequest(node: string, id: string, frame: WorldFrame): SelectionScope {
  for (const found of replicasIn(frame)) {
    const request = found.node === node ? found.list.requests.find((one) => one.id === id) : undefined;
    if (request === undefined) continue;
    const lsns = [request.gapFirst, request.gapEnd] as const;
    return { ...nothing, nodes: [node, request.peer], group: found.list.group, lsns };
  }
  return { ...nothing, nodes: [node] };
}

/** What a subject is about as this picture shows it, an LSN in the volume that is looked at; null when it dims nothing. */
export function scopeOf(
  subject: Subject,
  frame: WorldFrame | null,
  volume: string | null = null,
): SelectionScope | null {
  if (frame === null) return null;
  switch (subject.kind) {
    case 'node':
    case 'link':
      return null;
    case 'message':
      return scopeOfMessage(subject.id, frame);
    case 'lsn': {
      const groups = groupsOf(frame, volume);
      const record = findRecord(frame, subject.lsn, groups);
      const group = record?.group ?? null;
      const pages = record === null ? null : [record.blockKey];
      return {
        ...nothing,
        lsns: [subject.lsn, subject.lsn + 1],
        group,
        groups,
        pages,
        nodes: membersOf(frame, group),
      };
    }
    case 'mtr': {
      const lsns = [subject.first, subject.last] as const;
      const groups = groupsOf(frame, volume);
      return { ...nothing, lsns, groups, pages: pagesOf(frame, lsns, groups) };
    }
    case 'group':
      return { ...nothing, group: subject.id, nodes: membersOf(frame, subject.id) };
    case 'page':
    case 'row':
      return {
        ...nothing,
        group: subject.group,
        pages: subject.blockKey === null ? null : [subject.blockKey],
        nodes: membersOf(frame, subject.group),
      };
    case 'request':
      return scopeOfRequest(subject.node, subject.id, frame);
    case 'event':
      return scopeOfEvent(subject.listed);
    case 'trace':
      return { ...nothing, trace: subject.id, nodes: subject.nodes ?? null, pages: subject.pages ?? null };
  }
}

/** LSNs `[first, end)` that an event names: a range, a list, one LSN, or the one of a commit record. */
function lsnsOf(fields: ReadonlyMap<string, unknown>): readonly [number, number] | null {
  const [first, lsns] = [fields.get('first'), fields.get('lsns')];
  const last = fields.get('last');
  const end = typeof last === 'number' ? last + 1 : fields.get('end');
  if (typeof first === 'number' && typeof end === 'number') return [first, end];
  const listed = Array.isArray(lsns) ? lsns.filter((lsn): lsn is number => typeof lsn === 'number') : [];
  const [least, most] = [listed[0], listed.at(-1)];
  if (least !== undefined && most !== undefined) return [least, most + 1];
  const one = fields.get('lsn') ?? fields.get('scn');
  return typeof one === 'number' ? [one, one + 1] : null;
}

/** An event is about its own node and the LSNs, group and page it names. */
export function scopeOfEvent({ index, node, event }: ListedEvent): SelectionScope {
  const fields = new Map<string, unknown>(Object.entries(event));
  const group = fields.get('group');
  const blockKey = fields.get('blockKey');
  const peers = ['from', 'to'].map((name) => fields.get(name)).filter((peer) => typeof peer === 'string');
  return {
    ...nothing,
    event: index,
    nodes: [node, ...peers],
    lsns: lsnsOf(fields),
    group: typeof group === 'string' ? group : null,
    pages: typeof blockKey === 'number' ? [blockKey] : null,
  };
}

const overlaps = (a: readonly [number, number], first: number, last: number): boolean =>
  first < a[1] && a[0] < last;

export const isLitNode = (scope: SelectionScope | null, id: string): boolean =>
  scope === null || scope.nodes === null || scope.nodes.includes(id);

export const isLitLink = (scope: SelectionScope | null, a: string, b: string): boolean =>
  isLitNode(scope, a) && isLitNode(scope, b);

export const isLitGroup = (scope: SelectionScope | null, group: string): boolean =>
  scope === null || scope.group === null || scope.group === group;

/** LSNs `[first, last)` of a group; null: of whichever. */
export const isLitRange = (
  scope: SelectionScope | null,
  first: number,
  last: number,
  group: string | null,
): boolean =>
  scope === null ||
  ((scope.lsns === null || overlaps(scope.lsns, first, last)) &&
    (group === null ||
      ((scope.group === null || scope.group === group) &&
        (scope.groups === null || scope.groups.includes(group)))));

export const isLitPage = (scope: SelectionScope | null, group: string, blockKey: number): boolean =>
  scope === null || (isLitGroup(scope, group) && (scope.pages === null || scope.pages.includes(blockKey)));

export function isLitFlight(
  scope: SelectionScope | null,
  { id, label }: Pick<FlightView, 'id' | 'label'>,
): boolean {
  if (scope === null || scope.messages.includes(id)) return true;
  if (scope.trace !== null && label.trace === scope.trace) return true;
  if (scope.lsns !== null)
    return label.range !== null && isLitRange(scope, label.range[0], label.range[1], label.group);
  if (scope.pages !== null) return label.blockKey !== undefined && scope.pages.includes(label.blockKey);
  return scope.group !== null && scope.messages.length === 0 && label.group === scope.group;
}

export function isLitEvent(scope: SelectionScope | null, listed: ListedEvent): boolean {
  if (scope === null || scope.event === listed.index) return true;
  const own = scopeOfEvent(listed);
  if (scope.lsns !== null) return own.lsns !== null && isLitRange(scope, own.lsns[0], own.lsns[1], own.group);
  if (scope.pages !== null) return own.pages?.some((key) => scope.pages?.includes(key)) === true;
  // A trace, or a message without a record, is about no event: none is less about it than another.
  return scope.group === null ? scope.event === null : own.group === scope.group;
}
