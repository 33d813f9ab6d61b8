// Judges the waits that are shown (sim/waits.ts) against what happens: in states of a swept run, with everything that the
// tape would still do taken away, a wait that is said to be blocked lasts until the named obstacles are ended, and is over
// soon after; both are tried on clones. A wait that nothing blocks is over by itself.

import type { NodeId, Time } from '../../base/ids.ts';
import { clonePlain } from '../../base/plain.ts';
import type { ViewParams } from '../../core/kernel/door.ts';
import type { NodeView } from '../../core/kernel/view.ts';
import type { Edge } from '../fabric-state.ts';
import type { NodeFrame, WorldFrame } from '../frame.ts';
import { linkFrames } from '../picture.ts';
import { programOf, runtimeOf } from '../programs.ts';
import { setupRun } from '../run-setup.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { noDiskFaults } from '../types.ts';
import type { Wait } from '../waits.ts';
import {
  cloneWorld,
  injectAction,
  makeWorld,
  runWorld,
  type World,
  type WorldHost,
  worldViews,
} from '../world.ts';

/** A wait younger than this is not judged: a state of the run stands for so long, with its faults, µs. */
const OLD_US = 200_000;
/** Between two looks, µs. */
const LOOK_US = 25_000;
/** After its obstacles are ended a wait is over within this, µs. */
const BOUND_US = 10_000_000;

export interface WaitFinding {
  readonly at: Time;
  readonly wait: Wait;
  /** `right`; over without its way out; not over with it; not over although nothing was said to block it. */
  readonly outcome: 'right' | 'overAlone' | 'notOver' | 'unnamed';
  /** How long it lasted with the way out, µs. */
  readonly tookUs: number;
}

interface Watched {
  readonly world: World<unknown, unknown>;
  /** Last view of each node, kept while it is down; when its status last changed. */
  readonly views: Map<NodeId, NodeView>;
  readonly since: Map<NodeId, { status: NodeFrame['status']; life: number; at: Time }>;
}

const emptyMetrics: WorldFrame['metrics'] = {
  since: 0 as Time,
  commits: 0,
  commitsPerSecond: 0,
  latencyP50Us: -1,
  latencyP95Us: -1,
  latencyP99Us: -1,
  storedBytes: 0,
  sentBytes: {},
};

const view: ViewParams = { group: null, lsnWindow: null, span: 1, detail: false };

/** Every `everyUs` until `until`; of each kind at most `quota` states, each wait with the same obstacles once. */
export function judgeWaits(
  tape: Tape,
  { until, everyUs, quota }: { readonly until: number; readonly everyUs: number; readonly quota: number },
  edge: Edge,
): WaitFinding[] {
  const result = setupRun(tape);
  if (!result.ok) throw new Error(result.error);
  const { spec, program } = result.setup;
  const nodes = programOf(program);
  const host: WorldHost<unknown, unknown> = { program: nodes, edge };
  const runtime = runtimeOf(spec.cluster);
  const watched = watch({ world: makeWorld<unknown, unknown>(spec), views: new Map(), since: new Map() });
  const findings: WaitFinding[] = [];
  const judged = new Set<string>();
  const counts = new Map<string, number>();

  const look = (of: Watched): readonly Wait[] => runtime.waits(pictureOf(watch(of)));
  function watch(of: Watched): Watched {
    for (const [node, shown] of worldViews(of.world, nodes, view)) of.views.set(node, shown);
    const { fabric } = of.world;
    for (const { spec: node, status, isFrozen, life } of fabric.nodes) {
      const now: NodeFrame['status'] = status === 'down' ? 'down' : isFrozen ? 'frozen' : 'up';
      const before = of.since.get(node.id);
      if (before?.status !== now || before.life !== life)
        of.since.set(node.id, { status: now, life, at: fabric.now });
    }
    return of;
  }
  /** A clone in which nothing happens any more but what nodes do, and what is named. */
  const isolate = (of: Watched): Watched => {
    const world = cloneWorld(of.world, nodes);
    const { fabric } = world;
    fabric.tape.length = fabric.position;
    fabric.undos.length = 0;
    return { world, views: new Map(of.views), since: clonePlain(of.since) };
  };
  const isWaiting = (of: Watched, { key }: Wait): boolean => look(of).some((one) => one.key === key);
  /** When the wait is over, or null: not by `end`. */
  const overAt = (of: Watched, wait: Wait, end: number): number | null => {
    for (let at = of.world.fabric.now + LOOK_US; at <= end; at += LOOK_US) {
      runWorld(of.world, host, { until: at as Time });
      if (!isWaiting(of, wait)) return at;
    }
    return null;
  };

  function judge(standing: Watched, wait: Wait): WaitFinding {
    const at = standing.world.fabric.now;
    const helped = isolate(standing);
    const ways = wait.isBlocked ? wait.obstacles.flatMap(({ wayOut }) => wayOut ?? []) : [];
    for (const way of ways) injectAction(helped.world, { ...way, at } as TapeAction);
    const over = overAt(helped, wait, at + BOUND_US);
    if (over === null) {
      const isUnnamed = !wait.isBlocked && wait.obstacles.length === 0;
      const outcome = wait.isBlocked ? 'notOver' : isUnnamed ? 'unnamed' : 'right';
      return { at, wait, outcome, tookUs: BOUND_US };
    }
    const isOverAlone = wait.isBlocked && overAt(isolate(standing), wait, over) !== null;
    return { at, wait, outcome: isOverAlone ? 'overAlone' : 'right', tookUs: over - at };
  }

  for (let time = everyUs; time <= until; time += everyUs) {
    runWorld(watched.world, host, { until: time as Time });
    watch(watched);
    const standing = isolate(watched);
    const before = new Set(look(standing).map(({ key }) => key));
    runWorld(standing.world, host, { until: (time + OLD_US) as Time });
    for (const wait of look(standing)) {
      const { key, kind, isBlocked, sinceUs } = wait;
      const slot = `${kind} ${isBlocked}`;
      const causes = wait.obstacles.map((one) => `${one.kind} ${one.nodes.join(' ')}`).join(';');
      const isOld = sinceUs >= 0 ? sinceUs >= OLD_US : before.has(key);
      if (!isOld || judged.has(`${key} ${causes}`) || (counts.get(slot) ?? 0) >= quota) continue;
      judged.add(`${key} ${causes}`);
      counts.set(slot, (counts.get(slot) ?? 0) + 1);
      findings.push(judge(standing, wait));
    }
  }
  return findings;

  function pictureOf({ world, views, since }: Watched): WorldFrame {
    const { fabric } = world;
    return {
      preset: spec.cluster.preset,
      seed: fabric.seed,
      cluster: fabric.cluster,
      time: fabric.now,
      events: 0,
      traced: 0,
      nodes: fabric.nodes.map(({ spec: { id, zone, roles }, life }): NodeFrame => {
        const runner = world.runners.get(id);
        const { status, at } = since.get(id) ?? { status: 'down', at: 0 as Time };
        return {
          id,
          zone,
          roles,
          status,
          life,
          since: at,
          view: views.get(id) ?? null,
          disk: null,
          diskFaults: runner?.disk.faults ?? noDiskFaults,
          clockOffsetUs: 0,
          slowCpuUs: runner?.usPerInput ?? 0,
          error: null,
        };
      }),
      links: linkFrames(fabric),
      flights: [],
      metrics: emptyMetrics,
      faults: [],
      violations: [],
      waits: [],
      outages: [],
      broken: [],
      exercised: {},
    };
  }
}
