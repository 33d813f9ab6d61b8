// Judges the waits that are shown (run-model/waits/waits.ts) against what happens: in states of a swept run, with everything that the
// tape would still do taken away, a wait that is said to be blocked lasts until the named obstacles are ended, and is over
// soon after; both are tried on clones. A wait that nothing blocks is over by itself.

import type { NodeId, Time } from '../../base/ids.ts';
import { clonePlain } from '../../base/plain.ts';
import type { NodeView } from '../../core/kernel/view.ts';
import type { ViewParams } from '../../core/kernel/view-params.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import type { Known } from '../../sim/known.ts';
import { setupRun } from '../../sim/run-setup.ts';
import type { Tape } from '../../sim/tape.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { noDiskFaults } from '../../sim/types.ts';
import {
  cloneWorld,
  injectAction,
  makeWorld,
  runWorld,
  type World,
  type WorldHost,
  worldViews,
} from '../../sim/world.ts';
import { emptyMetrics, type NodeFrame, type WorldFrame } from '../picture/frame.ts';
import { linkFrames } from '../picture/picture.ts';
import type { Wait, WayOut } from './waits.ts';

/** A wait younger than this is not judged: a state of the run stands for so long, with its faults, µs. */
const OLD_US = 200_000;
/** Between two looks, µs: the first ones, and later ones as a share of the time that has passed. */
const LOOK_US = 25_000;
const LOOK_SHARE = 8;
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

const view: ViewParams = { group: null, lsnWindow: null, span: 1, detail: false };

/** The same looks with the way out and without. */
const nextLook = (start: number, at: number): number =>
  at + Math.max(LOOK_US, Math.trunc((at - start) / LOOK_SHARE));

/** Tape actions that end what stops it. */
const waysOf = ({ isBlocked, obstacles }: Wait): readonly WayOut[] =>
  isBlocked ? obstacles.flatMap(({ wayOut }) => wayOut ?? []) : [];

/** Every `everyUs` until `until`; of each kind at most `quota` states, each wait with the same obstacles once. */
export function judgeWaits(
  known: Known,
  tape: Tape,
  { until, everyUs, quota }: { readonly until: number; readonly everyUs: number; readonly quota: number },
  edge: Edge,
): WaitFinding[] {
  const result = setupRun(known, tape);
  if (!result.ok) throw new Error(result.error);
  const { spec, program } = result.setup;
  const nodes = known.programs.programOf(program);
  const host: WorldHost<unknown, unknown> = { program: nodes, edge, tape: known.tape };
  const runtime = known.programs.runtimeOf(spec.cluster);
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
  /** When each of these waits is over, by key: looked at together until all are, or `end`. */
  function oversAt(of: Watched, keys: ReadonlySet<string>, end: number): ReadonlyMap<string, number> {
    const left = new Set(keys);
    const overs = new Map<string, number>();
    const start = of.world.fabric.now;
    for (let at = start + LOOK_US; at <= end && left.size > 0; at = nextLook(start, at)) {
      runWorld(of.world, host, { until: at as Time });
      const waiting = new Set(look(of).map(({ key }) => key));
      for (const key of left) {
        if (waiting.has(key)) continue;
        overs.set(key, at);
        left.delete(key);
      }
    }
    return overs;
  }

  /** Waits of one state, which is used up: those with the same ways out share a clone, and all share the one without. */
  function judge(standing: Watched, waits: readonly Wait[]): WaitFinding[] {
    const at = standing.world.fabric.now;
    const byWays = new Map<string, Wait[]>();
    for (const wait of waits) {
      const ways = JSON.stringify(waysOf(wait));
      byWays.set(ways, [...(byWays.get(ways) ?? []), wait]);
    }
    const overs = new Map<string, number>();
    for (const together of byWays.values()) {
      const helped = isolate(standing);
      for (const way of together[0] === undefined ? [] : waysOf(together[0]))
        injectAction(helped.world, { ...way, at } as TapeAction);
      const keys = new Set(together.map(({ key }) => key));
      for (const [key, over] of oversAt(helped, keys, at + BOUND_US)) overs.set(key, over);
    }
    const blocked = waits.filter(({ key, isBlocked }) => isBlocked && overs.has(key));
    const last = Math.max(at, ...blocked.map(({ key }) => overs.get(key) ?? at));
    const alone = oversAt(standing, new Set(blocked.map(({ key }) => key)), last);
    return waits.map((wait): WaitFinding => {
      const over = overs.get(wait.key);
      if (over === undefined) {
        const isUnnamed = !wait.isBlocked && wait.obstacles.length === 0;
        const outcome = wait.isBlocked ? 'notOver' : isUnnamed ? 'unnamed' : 'right';
        return { at, wait, outcome, tookUs: BOUND_US };
      }
      const isOverAlone = wait.isBlocked && (alone.get(wait.key) ?? Number.POSITIVE_INFINITY) <= over;
      return { at, wait, outcome: isOverAlone ? 'overAlone' : 'right', tookUs: over - at };
    });
  }

  const slotOf = ({ kind, isBlocked }: Wait): string => `${kind} ${isBlocked}`;
  /** What was judged already, with these causes, is not judged again. */
  const nameOf = ({ key, obstacles }: Wait): string =>
    `${key} ${obstacles.map((one) => `${one.kind} ${one.nodes.join(' ')}`).join(';')}`;

  const isWanted = (wait: Wait): boolean =>
    !judged.has(nameOf(wait)) && (counts.get(slotOf(wait)) ?? 0) < quota;
  /** What did not last until it was old enough: with the same causes it does not the next time. */
  const passing = new Set<string>();

  /** The state in a while, with its faults as they are; null: none of the waits lasts so long. */
  function standingAfter(at: number, keys: ReadonlySet<string>): Watched | null {
    const standing = isolate(watched);
    for (let time = at + LOOK_US; time <= at + OLD_US; time += LOOK_US) {
      runWorld(standing.world, host, { until: time as Time });
      const isLeft = look(standing).some((wait) => keys.has(wait.key) || (wait.isBlocked && isWanted(wait)));
      if (!isLeft) return null;
    }
    return standing;
  }

  let seen: ReadonlySet<string> = new Set();
  for (let time = everyUs; time <= until; time += everyUs) {
    runWorld(watched.world, host, { until: time as Time });
    const waiting = look(watched);
    // What nothing blocks is mostly over by the next look.
    const wanted = waiting.filter(
      (wait) =>
        isWanted(wait) &&
        !passing.has(nameOf(wait)) &&
        (wait.isBlocked || wait.sinceUs >= LOOK_US || seen.has(wait.key)),
    );
    for (const wait of wanted) passing.add(nameOf(wait));
    const before = new Set(waiting.map(({ key }) => key));
    seen = before;
    const standing = wanted.length === 0 ? null : standingAfter(time, new Set(wanted.map(({ key }) => key)));
    if (standing === null) continue;
    const fresh = look(standing).filter((wait) => {
      const { key, sinceUs } = wait;
      const isOld = sinceUs >= 0 ? sinceUs >= OLD_US : before.has(key);
      if (!isOld || !isWanted(wait)) return false;
      judged.add(nameOf(wait));
      counts.set(slotOf(wait), (counts.get(slotOf(wait)) ?? 0) + 1);
      return true;
    });
    if (fresh.length > 0) findings.push(...judge(standing, fresh));
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
      links: linkFrames(known.roleLinks, fabric),
      flights: [],
      metrics: emptyMetrics,
      faults: [],
      violations: [],
      waits: [],
      outages: [],
      mutants: [],
      exercised: {},
    };
  }
}
