// What blocks progress: the operations of a cluster that wait, and for each the faults that keep it from going on, with the
// tape action that ends each fault. Computed from a picture alone, so that live, review and headless runs agree. What waits
// is each stack's own (`StackRuntime.waits`); which node cannot answer which is the same in every architecture. Pure.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import type { LinkFrame, NodeFrame, WorldFrame } from '../picture/frame.ts';

/** Kinds of waits, by stack: each stack declares its own here (`declare module`). */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the stacks
export interface StackWaits {}
export type WaitKind = StackWaits[keyof StackWaits];

/** Obstacles that are no fault of the world, by stack. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the stacks
export interface StackObstacles {}

export type WorldObstacle =
  | 'down'
  | 'frozen'
  | 'failed'
  | 'cut'
  | 'held'
  | 'loss'
  | 'diskStall'
  | 'diskFull'
  | 'diskFailSync'
  | 'diskFailRead'
  | 'slowLink'
  | 'slowDisk'
  | 'slowCpu';
export type ObstacleKind = WorldObstacle | StackObstacles[keyof StackObstacles];

type Untimed<A> = A extends unknown ? Omit<A, 'at'> : never;
/** A tape action without its time. */
export type WayOut = Untimed<TapeAction>;

/** Why an answer does not come. */
export interface Obstacle {
  readonly kind: ObstacleKind;
  /** The node, or the two ends of the link. */
  readonly nodes: readonly NodeId[];
  /** Session, group or page that it is about; empty for a fault of the world. */
  readonly of: string;
  /** False: the answer comes late, but it comes. */
  readonly stops: boolean;
  /** Ends it; null: nobody can by one action. */
  readonly wayOut: WayOut | null;
}

/** An operation that waits. */
export interface Wait {
  readonly kind: WaitKind;
  /** The node that waits. */
  readonly node: NodeId;
  /** Names this operation: another wait of the same kind has another one. */
  readonly key: string;
  readonly volume: string;
  readonly group: GroupId | null;
  /** Step of a longer procedure, as the specification names it; empty: there are none. */
  readonly step: string;
  /** The statement of a client that waits, where one does. */
  readonly text?: string;
  /** Answers there are, and how many it takes; of a joint membership those of the set that lacks most. */
  readonly have: number;
  readonly need: number;
  /** Virtual µs. */
  readonly sinceUs: number;
  /** Requests of clients that wait for it. */
  readonly requests: number;
  /** True while it cannot go on until an obstacle ends; false: it goes on by itself. */
  readonly isBlocked: boolean;
  /** A picture has it although it goes on by itself: for others to be done, not for messages on their way. */
  readonly isShown?: true;
  /** All of them when it is blocked; else those that slow it. */
  readonly obstacles: readonly Obstacle[];
}

declare module '../../sim/stack-runtime.ts' {
  interface StackRuntime {
    /** What waits in a picture of it, the weightiest first. */
    readonly waits: (frame: WorldFrame) => readonly Wait[];
  }
}

/** Which obstacles are between nodes of a picture. */
export interface Reach {
  readonly node: (id: NodeId) => NodeFrame | undefined;
  /** Of the node itself. */
  readonly at: (node: NodeId) => readonly Obstacle[];
  /** Of a question and its answer: both directions of the link and the node that is asked. */
  readonly between: (from: NodeId, to: NodeId) => readonly Obstacle[];
  /** Of a write, or a read, at the node's disk. */
  readonly disk: (node: NodeId, use: 'write' | 'read') => readonly Obstacle[];
}

export function makeReach({ nodes, links }: Pick<WorldFrame, 'nodes' | 'links'>): Reach {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const byEnds = new Map(links.map((link) => [`${link.from}>${link.to}`, link]));
  const at = (id: NodeId): readonly Obstacle[] => {
    const node = byId.get(id);
    return node === undefined ? [] : nodeObstacles(node);
  };
  return {
    node: (id) => byId.get(id),
    at,
    between: (from, to) =>
      from === to
        ? at(to)
        : [...linkObstacles(byEnds.get(`${from}>${to}`), byEnds.get(`${to}>${from}`)), ...at(to)],
    disk(id, use) {
      const node = byId.get(id);
      return node === undefined ? [] : diskObstacles(node, use);
    },
  };
}

function nodeObstacles({ id, status, slowCpuUs }: NodeFrame): Obstacle[] {
  const make = (kind: WorldObstacle, stops: boolean, wayOut: WayOut | null): Obstacle[] => [
    { kind, nodes: [id], of: '', stops, wayOut },
  ];
  switch (status) {
    case 'down':
      return make('down', true, { kind: 'restart', node: id });
    case 'frozen':
      return make('frozen', true, { kind: 'resume', node: id });
    case 'failed':
      return make('failed', true, null);
    default:
      return slowCpuUs > 0
        ? make('slowCpu', false, { kind: 'slowCpu', node: id, usPerInput: 0, forUs: null })
        : [];
  }
}

function linkObstacles(there: LinkFrame | undefined, back: LinkFrame | undefined): Obstacle[] {
  const both = [there, back].filter((link) => link !== undefined);
  const [link] = both;
  if (link === undefined) return [];
  const ends = { from: [link.from], to: [link.to], isBothWays: true };
  const make = (kind: WorldObstacle, stops: boolean, wayOut: WayOut): Obstacle => ({
    kind,
    nodes: [link.from, link.to],
    of: '',
    stops,
    wayOut,
  });
  const heal: WayOut = { kind: 'heal', link: ends };
  const found: Obstacle[] = [];
  if (both.some(({ cut }) => cut)) found.push(make('cut', true, heal));
  if (both.some(({ held }) => held)) found.push(make('held', true, { kind: 'release', link: ends }));
  const lost = Math.max(
    ...both.map(({ lossPercent, corruptPercent }) => Math.max(lossPercent, corruptPercent)),
  );
  if (lost > 0) found.push(make('loss', lost === 100, heal));
  if (both.some(({ delayed, bytesPerMs, next }) => delayed || bytesPerMs !== undefined || next !== undefined))
    found.push(make('slowLink', false, heal));
  return found;
}

function diskObstacles({ id, diskFaults }: NodeFrame, use: 'write' | 'read'): Obstacle[] {
  const { slowPercent, full, failSync, failRead, stall } = diskFaults;
  const found: [kind: WorldObstacle, stops: boolean][] = [];
  if (stall) found.push(['diskStall', use === 'write']);
  if (full && use === 'write') found.push(['diskFull', true]);
  if (failSync && use === 'write') found.push(['diskFailSync', true]);
  if (failRead && use === 'read') found.push(['diskFailRead', true]);
  if (slowPercent > 100) found.push(['slowDisk', false]);
  return found.map(([kind, stops]) => ({
    kind,
    nodes: [id],
    of: '',
    stops,
    wayOut: { kind: 'diskOk', node: id },
  }));
}

export const isStopped = (obstacles: readonly Obstacle[]): boolean => obstacles.some(({ stops }) => stops);

/** The same obstacle is named once: as one that stops, where it does so for one of those that name it. */
export function distinct(obstacles: readonly Obstacle[]): readonly Obstacle[] {
  const known = new Map<string, Obstacle>();
  for (const one of obstacles) {
    const key = `${one.kind} ${[...one.nodes].sort().join(' ')} ${one.of}`;
    if (known.get(key)?.stops !== true) known.set(key, one.stops ? one : (known.get(key) ?? one));
  }
  return [...known.values()];
}

/** What an operation waits for: `need` answers of each set of nodes. */
export interface Quorum {
  readonly sets: readonly (readonly NodeId[])[];
  readonly need: number;
  readonly hasAnswered: (node: NodeId) => boolean;
}

export type Standing = Pick<Wait, 'have' | 'need' | 'isBlocked' | 'obstacles'>;

/** Whether the answers that are missing can come; `obstaclesOf`: what keeps a node from answering. */
export function judgeQuorum(
  { sets, need, hasAnswered }: Quorum,
  obstaclesOf: (node: NodeId) => readonly Obstacle[],
): Standing {
  let least = need;
  let isBlocked = false;
  const stopping: Obstacle[] = [];
  const slowing: Obstacle[] = [];
  for (const members of sets) {
    const missing = members.filter((node) => !hasAnswered(node));
    const have = members.length - missing.length;
    least = Math.min(least, have);
    if (have >= need) continue;
    const found = missing.map(obstaclesOf);
    const able = found.filter((obstacles) => !isStopped(obstacles));
    const isShort = have + able.length < need;
    if (isShort) isBlocked = true;
    stopping.push(...(isShort ? found.flat() : []));
    // Who is not needed, because others answer, slows nothing.
    slowing.push(...able.flat());
  }
  return {
    have: least,
    need,
    isBlocked,
    obstacles: distinct(isBlocked ? [...stopping, ...slowing] : slowing),
  };
}

/** One answer of one node. */
export const judgeAnswer = (obstacles: readonly Obstacle[]): Standing => ({
  have: 0,
  need: 1,
  isBlocked: isStopped(obstacles),
  obstacles: distinct(obstacles),
});

export const none: Standing = { have: 0, need: 0, isBlocked: false, obstacles: [] };

/** It needs all of them: what stops one of them stops it. The counts are those of the first that is stopped. */
export function needAll(standings: readonly Standing[]): Standing {
  const shown =
    standings.find(({ isBlocked }) => isBlocked) ?? standings.find(({ need }) => need > 0) ?? none;
  const isBlocked = standings.some((one) => one.isBlocked);
  return { ...shown, isBlocked, obstacles: distinct(standings.flatMap(({ obstacles }) => obstacles)) };
}

/** Those that are blocked, that most requests wait for, and that wait longest, first. */
export const byWeight = (a: Wait, b: Wait): number =>
  Number(b.isBlocked) - Number(a.isBlocked) || b.requests - a.requests || b.sinceUs - a.sinceUs;
