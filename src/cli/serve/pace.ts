// How virtual time goes while a cluster is served. *asked*: only while a statement is open, so a client's time to think costs nothing and no
// timeout strikes in it; and at full speed, but with the wall's clock while every open statement only waits for a lock of a session that
// has no statement open. Nobody but that session's client, or a timeout, can end such a wait: a test of either takes as long as it says.
// *hold* is the same, but time stands in such a wait as well.

import type { NodeView } from '../../core/kernel/view.ts';
import { worldViews } from '../../sim/world.ts';
import { FAR, guarded, type ServedCluster, stepTo } from './served-cluster.ts';

/** Time for open statements only, full speed always, or virtual µs for each µs of the wall (1: real time). */
export type Pace =
  | { readonly kind: 'asked' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'max' }
  | { readonly kind: 'slow'; readonly slowdown: number };

/** By its name, or how many times slower than real; null: none of them. */
export function readPace(text: string): Pace | null {
  if (text === 'asked' || text === 'hold' || text === 'max') return { kind: text };
  const slowdown = Number(text);
  return slowdown > 0 && Number.isFinite(slowdown) ? { kind: 'slow', slowdown } : null;
}

/** Wall ms that a turn takes at most before sockets are looked at again. */
const TURN_MS = 8;
/** Virtual µs between two looks at who waits for whom. */
const LOOK_US = 20_000;
/** Wall ms between two turns at the wall's pace. */
const CLOCK_MS = 2;

export interface Pacer {
  readonly cluster: ServedCluster;
  readonly pace: Pace;
  /** Where time follows the wall: the virtual µs that belong to these wall ms. */
  dueUs: number;
  wallMs: number;
  isScheduled: boolean;
  isStopped: boolean;
  lookedAt: number;
  /** Open statements only wait for clients that think. */
  isHeld: boolean;
  /** Called after each turn. */
  readonly onTurn: () => void;
}

export const makePacer = (cluster: ServedCluster, pace: Pace, onTurn: () => void): Pacer => ({
  cluster,
  pace,
  dueUs: 0,
  wallMs: performance.now(),
  isScheduled: false,
  isStopped: false,
  lookedAt: 0,
  isHeld: false,
  onTurn,
});

/** Something has arrived, or a turn is over: goes on when there is something to go on with. */
export function wakePacer(pacer: Pacer, isArrival: boolean): void {
  if (isArrival) {
    pacer.isHeld = false;
    pacer.lookedAt = pacer.cluster.world.fabric.now;
  }
  if (pacer.isScheduled || pacer.isStopped || !goesOn(pacer)) return;
  pacer.isScheduled = true;
  const turn = (): void => {
    pacer.isScheduled = false;
    if (pacer.isStopped) return;
    guarded(pacer.cluster, () => takeTurn(pacer));
    pacer.onTurn();
    wakePacer(pacer, false);
  };
  if (followsWall(pacer)) setTimeout(turn, CLOCK_MS);
  else setImmediate(turn);
}

function goesOn({ pace: { kind }, cluster: { open, waits, stopped }, isHeld }: Pacer): boolean {
  if (stopped !== null) return false;
  if (kind === 'max' || kind === 'slow' || waits.length > 0) return true;
  return open.size > 0 && !(isHeld && kind === 'hold');
}

const followsWall = ({ pace: { kind }, cluster: { waits }, isHeld }: Pacer): boolean =>
  kind === 'slow' || (kind === 'asked' && isHeld && waits.length === 0);

/** Up to the first replies, or as long as a turn may take. */
function takeTurn(pacer: Pacer): void {
  const { cluster } = pacer;
  const { fabric } = cluster.world;
  const until = limitOf(pacer);
  const endsMs = performance.now() + TURN_MS;
  cluster.replies = 0;
  for (let steps = 0; cluster.replies === 0; steps++) {
    if (!stepTo(cluster, until)) return;
    if (fabric.now - pacer.lookedAt >= LOOK_US && look(pacer)) return;
    if (steps % 16 === 15 && performance.now() >= endsMs) return;
  }
}

/** Looks who waits for whom; true: from now on time goes otherwise. */
function look(pacer: Pacer): boolean {
  const { cluster, pace, isHeld } = pacer;
  if (pace.kind !== 'hold' && pace.kind !== 'asked') return false;
  pacer.lookedAt = cluster.world.fabric.now;
  pacer.isHeld = isHeldByIdle(cluster);
  return pacer.isHeld && !isHeld && cluster.waits.length === 0;
}

/** Up to the next wait's end; and where virtual time follows the wall no further than that has come. */
function limitOf(pacer: Pacer): number {
  const { cluster, pace } = pacer;
  const { now } = cluster.world.fabric;
  const nearest = cluster.waits.reduce((least, { until }) => Math.min(least, until), FAR);
  const slowdown = pace.kind === 'slow' ? pace.slowdown : 1;
  const passedUs = Math.floor(((performance.now() - pacer.wallMs) * 1000) / slowdown);
  pacer.wallMs += (passedUs * slowdown) / 1000;
  if (!followsWall(pacer)) {
    pacer.dueUs = now;
    return nearest;
  }
  pacer.dueUs = Math.max(pacer.dueUs, now) + passedUs;
  return Math.min(nearest, pacer.dueUs);
}

interface Blocked {
  readonly session: string;
  readonly holder?: { readonly session: string };
}

/** Every open statement has waited longer than a deadlock takes to be found, for a lock of a session without a statement. */
function isHeldByIdle(cluster: ServedCluster): boolean {
  const { open, world, host, setup } = cluster;
  const longUs = setup.spec.params.deadlockMs * 1000 + LOOK_US;
  const asking = new Set([...open.values()].map(({ session }) => session));
  if ([...open.values()].some(({ since }) => since + longUs > world.fabric.now)) return false;
  const blocked = new Map<string, string>();
  for (const view of worldViews(world, host.program, {
    group: null,
    lsnWindow: null,
    span: 0,
    detail: false,
  }).values())
    for (const { session, holder } of blockedIn(view)) if (holder) blocked.set(session, holder.session);
  return [...asking].every((session) => endsAtIdle(session, blocked, asking));
}

function endsAtIdle(
  session: string,
  blocked: ReadonlyMap<string, string>,
  asking: ReadonlySet<string>,
): boolean {
  let at = session;
  for (let steps = 0; steps <= blocked.size; steps++) {
    const holder = blocked.get(at);
    if (holder === undefined) return false;
    if (!asking.has(holder)) return true;
    at = holder;
  }
  return false;
}

/** The engines' lists of sessions that wait, wherever the views of a node's roles have them. */
function blockedIn(value: unknown, depth = 0): readonly Blocked[] {
  if (depth > 6 || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  if ('blocked' in value && Array.isArray(value.blocked)) return value.blocked as readonly Blocked[];
  return Object.values(value as NodeView).flatMap((inner) => blockedIn(inner, depth + 1));
}
