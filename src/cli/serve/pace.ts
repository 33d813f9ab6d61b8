// How virtual time goes while a cluster is served. *hold*: only while a statement is open, and then at full speed; so a client's time to
// think costs nothing, and no timeout strikes in it. It stands still as well while every open statement only waits for a lock of a
// session that has no statement open: nobody but that session's client can end the wait.

import type { NodeView } from '../../core/kernel/view.ts';
import { worldViews } from '../../sim/world.ts';
import { FAR, guarded, type ServedCluster, stepTo } from './served-cluster.ts';

/** Full speed only while a statement is open, full speed always, or virtual µs for each µs of the wall (1: real time). */
export type Pace =
  | { readonly kind: 'hold' }
  | { readonly kind: 'max' }
  | { readonly kind: 'slow'; readonly slowdown: number };

/** `hold`, `max`, or how many times slower than real; null: none of them. */
export function readPace(text: string): Pace | null {
  if (text === 'hold' || text === 'max') return { kind: text };
  const slowdown = Number(text);
  return slowdown > 0 && Number.isFinite(slowdown) ? { kind: 'slow', slowdown } : null;
}

/** Wall ms that a turn takes at most before sockets are looked at again. */
const TURN_MS = 8;
/** Virtual µs between two looks at who waits for whom. */
const LOOK_US = 20_000;

export interface Pacer {
  readonly cluster: ServedCluster;
  readonly pace: Pace;
  /** Wall ms and virtual µs at which it began, for a pace that follows the wall. */
  readonly startedMs: number;
  readonly startedUs: number;
  isScheduled: boolean;
  isStopped: boolean;
  lookedAt: number;
  isHeld: boolean;
  /** Called after each turn. */
  readonly onTurn: () => void;
}

export const makePacer = (cluster: ServedCluster, pace: Pace, onTurn: () => void): Pacer => ({
  cluster,
  pace,
  startedMs: performance.now(),
  startedUs: cluster.world.fabric.now,
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
  if (pacer.pace.kind === 'slow') setTimeout(turn, 2);
  else setImmediate(turn);
}

const goesOn = ({ pace, cluster: { open, waits, stopped }, isHeld }: Pacer): boolean =>
  stopped === null && (pace.kind !== 'hold' || waits.length > 0 || (open.size > 0 && !isHeld));

/** Up to the first replies, or as long as a turn may take. */
function takeTurn(pacer: Pacer): void {
  const { cluster } = pacer;
  const { fabric } = cluster.world;
  const until = limitOf(pacer);
  const endsMs = performance.now() + TURN_MS;
  cluster.replies = 0;
  for (let steps = 0; cluster.replies === 0; steps++) {
    if (!stepTo(cluster, until)) return;
    if (pacer.pace.kind === 'hold' && fabric.now - pacer.lookedAt >= LOOK_US) {
      pacer.lookedAt = fabric.now;
      pacer.isHeld = isHeldByIdle(cluster);
      if (pacer.isHeld && cluster.waits.length === 0) return;
    }
    if (steps % 16 === 15 && performance.now() >= endsMs) return;
  }
}

function limitOf({ cluster, pace, startedMs, startedUs }: Pacer): number {
  const nearest = cluster.waits.reduce((least, { until }) => Math.min(least, until), FAR);
  if (pace.kind !== 'slow') return nearest;
  return Math.min(nearest, startedUs + ((performance.now() - startedMs) * 1000) / pace.slowdown);
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
