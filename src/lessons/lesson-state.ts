// Run state that a lesson may ask about, all of it read from the nodes' own views, the fabric's schedule and the trace.
// Facts are read from this and from nothing else.

import type { NodeId } from '../base/ids.ts';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import type { RoleView } from '../core/kernel/view.ts';
import type { LogRange, NodeState, RunState } from '../run-model/facts/run-state.ts';
import { followEvent, gaugeIn, unreadGauges } from '../run-model/gauges/gauges.ts';
import { flights } from '../run-model/picture/flights.ts';
import { isUp } from '../sim/world.ts';
import { gauges } from '../stacks/gauges.ts';
import { programOf } from '../stacks/programs.ts';
import { traceRank } from '../stacks/trace.ts';
import { besideOf } from './beside.ts';
import type { MessageFilter } from './format.ts';
import { type Stage, stageWithout } from './stage.ts';

export interface LessonState extends RunState {
  /** Names of the messages in flight or held. */
  messages(filter: MessageFilter): readonly string[];
}

const LONG = 1 << 20;

export function readState(stage: Stage): LessonState {
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
    const list = (name: string): readonly LogRange[] => {
      const group = store?.groups.find((one) => one.group === name);
      return (group?.runs ?? []).flatMap((run) => {
        const last = Math.min(run.end, (group?.nwl ?? -1) + 1);
        const type = run.type === 'data' ? 'data' : run.sent ? 'sent' : 'hole';
        return run.first < last ? [{ first: run.first, last, type } as const] : [];
      });
    };
    return {
      status: found === undefined ? null : roles.length === 0 ? 'down' : standing,
      roles,
      get mount() {
        const compute = viewOf(id, true)?.roles.find((role) => role.role === 'compute');
        return compute?.shared?.mount ?? null;
      },
      list,
      holes: (name) => list(name).filter(({ type }) => type !== 'data'),
    };
  };
  const roleOf = <R extends RoleView['role']>(id: string, role: R) =>
    viewOf(id)?.roles.find((one): one is Extract<RoleView, { role: R }> => one.role === role);
  const metadata = () =>
    fabric.cluster.nodes.flatMap(({ id }) => viewOf(id)?.roles ?? []).find((role) => role.role === 'meta');
  const isNow = ({ at }: { readonly at: number }): boolean => at === fabric.now;
  return {
    time: fabric.now,
    get commits() {
      return trace.filter(({ event }) => event.kind === 'commit.ack').length;
    },
    event: trace.length - 1,
    isBrokenNow: monitors.violations.some(isNow),
    get fresh() {
      const first = trace.findLastIndex((one) => !isNow(one)) + 1;
      return trace.slice(first).map((one) => ({ ...one, rank: traceRank(one.event.kind) }));
    },
    gauge(word, place) {
      const values = unreadGauges(gauges, setup.program);
      for (const { event, node: by } of trace) followEvent(gauges, values, event, by);
      return gaugeIn(gauges, values, word, place ?? fabric.cluster.volume);
    },
    node,
    nodes: fabric.cluster.nodes.map(({ id }) => id),
    get writer() {
      const open = fabric.cluster.nodes.flatMap(({ id, roles }) => {
        const compute = roles.includes('compute') ? roleOf(id, 'compute') : undefined;
        return compute?.state === 'open' ? [{ id, compute }] : [];
      });
      // Several volumes are open: the cluster's own is where the metadata routes to.
      const routed = open.length < 2 ? null : metadata()?.writer;
      return (open.find(({ id }) => id === routed) ?? open[0])?.compute ?? null;
    },
    get metadataLeader() {
      const led = fabric.cluster.nodes.flatMap(({ id }) => {
        const meta = roleOf(id, 'meta');
        return meta?.member === 'leader' ? [{ id, term: meta.term }] : [];
      });
      return led.toSorted((a, b) => b.term - a.term)[0]?.id ?? null;
    },
    traced: (kind) => trace.filter(({ event }) => event.kind === kind),
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
    row: (session) => firstRow(newestAnswer(stage, replies, session)),
    get openHoles() {
      let count = 0;
      for (const { id } of fabric.cluster.nodes) {
        if (!isUp(world, id)) continue;
        for (const group of fabric.cluster.groups) count += node(id).holes(group.id).length;
      }
      return count;
    },
    violations: monitors.violations.map(({ rule }) => rule),
    without: (mutant) => readState(stageWithout(stage, mutant)),
    beside: (column) => besideOf(column, setup.tape.header.seed, stage.edge),
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
