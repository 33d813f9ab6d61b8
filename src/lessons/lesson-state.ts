// Run state that a lesson may ask about, all of it read from the nodes' own views, the fabric's schedule and the trace.
// Predictions, triggers and passes are functions of this and of nothing else.

import type { NodeId } from '../base/ids.ts';
import type { DriverView } from '../core/client/driver-view.ts';
import type { ComputeView } from '../core/compute/compute-view.ts';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import type { TraceKind, TraceOf } from '../core/kernel/trace.ts';
import type { RoleView } from '../core/kernel/view.ts';
import type { StoreGroupView } from '../core/log-store/store-view.ts';
import type { ObjectStoreView } from '../core/object-store/object-store-view.ts';
import type { MetaView } from '../core/pcs/pcs-view.ts';
import type { MountView } from '../core/pfs/mount-view.ts';
import type { ComparedReport } from '../sim/compare/report.ts';
import { flights } from '../sim/flights.ts';
import type { TracedEvent } from '../sim/types.ts';
import { isUp } from '../sim/world.ts';
import { programOf } from '../stacks/programs.ts';
import { besideOf } from './beside.ts';
import type { DrawnRange, MessageFilter, Where } from './format.ts';
import type { Stage } from './stage.ts';

export interface NodeState {
  readonly isUp: boolean;
  /** Null: the cluster never had such a node. */
  readonly status: 'up' | 'down' | 'frozen' | null;
  /** What its roles show of themselves; empty while it is down. */
  readonly roles: readonly RoleView[];
  readonly compute: ComputeView | null;
  readonly archive: ObjectStoreView | null;
  readonly metadata: MetaView | null;
  readonly driver: DriverView | null;
  /** Of a node whose volume lies in files. */
  readonly mount: MountView | null;
  group(id: string): StoreGroupView | null;
  /** Gaps of the replica's log, each with whether it is asked for. */
  holes(group: string): readonly DrawnRange[];
  /** The status list between two LSNs. */
  list(group: string, first: number, last: number): readonly DrawnRange[];
}

export interface LessonState {
  /** Virtual µs. */
  readonly time: number;
  node(id: string): NodeState;
  /** The open writer of the cluster's own volume, or null. */
  readonly writer: ComputeView | null;
  /** The node that leads the metadata in the highest term, or null: nobody that is up leads. */
  readonly metadataLeader: string | null;
  events<K extends TraceKind>(kind: K, where?: Where): readonly TraceOf<K>[];
  /** The same with the node and the virtual ms of each, by the names of their fields. */
  fields(kind: TraceKind, where?: Where): readonly Readonly<Record<string, unknown>>[];
  count(kind: TraceKind, where?: Where): number;
  /** Virtual µs of the first such event; not a number while there was none. */
  when(kind: TraceKind, where?: Where): number;
  /** Virtual µs of the newest such event; not a number while there was none. */
  newest(kind: TraceKind, where?: Where): number;
  /** Names of the messages in flight or held. */
  messages(filter: MessageFilter): readonly string[];
  /** First row of what a session's newest answered request gave; empty when it gave none. */
  row(session?: string): readonly (string | null)[];
  /** Holes of all replicas that are up. */
  readonly openHoles: number;
  readonly violations: readonly string[];
  /** Another architecture, or this one, as its writer dies under the load of a comparison, with the run's seed. It is played when it is first asked for. */
  beside(column: string): ComparedReport;
  /** Whether the person (or the script) predicted this right, at the first try or a later one. */
  predicted(id: string): boolean;
}

/** True when the event has all the fields. */
export function matches({ event, node }: TracedEvent, where: Where): boolean {
  const fields = event as unknown as Readonly<Record<string, unknown>>;
  for (const [name, wanted] of Object.entries(where)) {
    if (name === 'node') {
      if (node !== wanted) return false;
    } else if (name === 'lsn') {
      const last = fields.end === undefined ? Number(fields.last) : Number(fields.end) - 1;
      if (!(Number(fields.first) <= Number(wanted) && Number(wanted) <= last)) return false;
    } else if (fields[name] !== wanted) return false;
  }
  return true;
}

const LONG = 1 << 20;

export function readState(stage: Stage, predicted: ReadonlySet<string>): LessonState {
  const { world, setup, trace, replies, monitors } = stage;
  const { fabric } = world;
  const program = programOf(setup.program);
  const viewOf = (id: string, files = false) => {
    const runner = world.runners.get(id as NodeId);
    if (runner === undefined) return null;
    const params = { group: null, lsnWindow: [0, LONG], span: LONG, detail: false } as const;
    return program.nodeView(runner.state, files ? { ...params, files: [] } : params);
  };
  const node = (id: string): NodeState => {
    const roles = viewOf(id)?.roles ?? [];
    const found = fabric.nodes.findLast(({ spec }) => spec.id === id);
    const standing = found?.isFrozen === true ? 'frozen' : 'up';
    const store = roles.find((role) => role.role === 'store');
    const group = (name: string): StoreGroupView | null =>
      store?.groups.find((one) => one.group === name) ?? null;
    const list = (name: string, first: number, last: number): readonly DrawnRange[] =>
      (group(name)?.runs ?? []).flatMap((run) => {
        const from = Math.max(run.first, first);
        const to = Math.min(run.last, last);
        const type = run.type === 'data' ? 'data' : run.sent ? 'sent' : 'hole';
        return from < to ? [{ first: from, last: to, type } as const] : [];
      });
    return {
      isUp: roles.length > 0,
      status: found === undefined ? null : roles.length === 0 ? 'down' : standing,
      roles,
      compute: roles.find((role) => role.role === 'compute') ?? null,
      archive: roles.find((role) => role.role === 'objectStore') ?? null,
      metadata: roles.find((role) => role.role === 'meta') ?? null,
      driver: roles.find((role) => role.role === 'driver') ?? null,
      get mount() {
        const compute = viewOf(id, true)?.roles.find((role) => role.role === 'compute');
        return compute?.shared?.mount ?? null;
      },
      group,
      list,
      holes: (name) => list(name, 0, (group(name)?.nwl ?? -1) + 1).filter(({ type }) => type !== 'data'),
    };
  };
  const metadata = () =>
    fabric.cluster.nodes.flatMap(({ id }) => viewOf(id)?.roles ?? []).find((role) => role.role === 'meta');
  const tracedAs = (kind: TraceKind, where: Where = {}): readonly TracedEvent[] =>
    trace.filter((one) => one.event.kind === kind && matches(one, where));
  const select = <K extends TraceKind>(kind: K, where?: Where): readonly TraceOf<K>[] =>
    tracedAs(kind, where).map((one) => one.event as TraceOf<K>);
  return {
    time: fabric.now,
    node,
    get writer() {
      const open = fabric.cluster.nodes.flatMap(({ id, roles }) => {
        const compute = roles.includes('compute') ? node(id).compute : null;
        return compute?.state === 'open' ? [{ id, compute }] : [];
      });
      // Several volumes are open: the cluster's own is where the metadata routes to.
      const routed = open.length < 2 ? null : metadata()?.writer;
      return (open.find(({ id }) => id === routed) ?? open[0])?.compute ?? null;
    },
    get metadataLeader() {
      const led = fabric.cluster.nodes.flatMap(({ id }) => {
        const { metadata } = node(id);
        return metadata?.member === 'leader' ? [{ id, term: metadata.term }] : [];
      });
      return led.toSorted((a, b) => b.term - a.term)[0]?.id ?? null;
    },
    events: select,
    fields: (kind, where) =>
      tracedAs(kind, where).map(({ at, node: by, event }) => ({ ...event, node: by, at: at / 1000 })),
    count: (kind, where) => select(kind, where).length,
    when: (kind, where = {}) =>
      trace.find((one) => one.event.kind === kind && matches(one, where))?.at ?? Number.NaN,
    newest: (kind, where = {}) =>
      trace.findLast((one) => one.event.kind === kind && matches(one, where))?.at ?? Number.NaN,
    messages: (filter) =>
      flights(fabric, setup.describe)
        .filter(({ fate, from, to, label }) => {
          const { lsn, group } = filter;
          if (fate === 'lost' || from !== filter.from || to !== filter.to) return false;
          if (label.family !== filter.family || (group !== undefined && label.group !== group)) return false;
          if (lsn === undefined) return true;
          return label.range !== null && label.range[0] < lsn[1] && lsn[0] < label.range[1];
        })
        .map(({ id }) => id),
    row: (session = 'main') => firstRow(newestAnswer(stage, replies, session)),
    get openHoles() {
      let count = 0;
      for (const { id } of fabric.cluster.nodes) {
        if (!isUp(world, id)) continue;
        for (const group of fabric.cluster.groups) count += node(id).holes(group.id).length;
      }
      return count;
    },
    violations: monitors.violations.map(({ rule }) => rule),
    beside: (column) => besideOf(column, setup.tape.header.seed, stage.edge),
    predicted: (id) => predicted.has(id),
  };
}

/** Requests are named by their time and place on the tape (`requestIdAt`). */
function newestAnswer(
  { world }: Stage,
  replies: ReadonlyMap<string, ClientResult>,
  session: string,
): ClientResult | null {
  const { tape } = world.fabric;
  for (let i = tape.length - 1; i >= 0; i--) {
    const action = tape[i];
    if (action?.kind !== 'sql' || action.session !== session) continue;
    let place = 0;
    while (tape[i - place - 1]?.at === action.at) place++;
    const reply = replies.get(`q${action.at}.${place}`);
    if (reply !== undefined) return reply;
  }
  return null;
}

function firstRow(result: ClientResult | null): readonly (string | null)[] {
  const [first] = result?.statements ?? [];
  return first?.kind === 'rows' ? (first.rows[0] ?? []) : [];
}
