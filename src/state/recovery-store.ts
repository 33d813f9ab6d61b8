// Which nodes are on their way back, and how far: a store until each group's SCL has reached the PGCL that stood when
// it was restarted, a writer through the steps R1 to R7. Derived from frames; the protocol knows nothing of it.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type RecoveryStep, recoverySteps } from '../core/quorum-log/log-view.ts';
import type { NodeFrame, WorldFrame } from '../run-model/picture/frame.ts';
import { isStoreNode, isWriterNode, viewOf, writersIn } from './role-views.ts';
import type { ShownPlace } from './shown-place.ts';

export interface Recovery {
  readonly node: string;
  readonly life: number;
  readonly kind: 'store' | 'writer';
  /** Per group the LSN that ends a store's recovery, and where it began. */
  readonly targets: Readonly<Record<string, readonly [from: number, to: number]>>;
  readonly step: RecoveryStep | null;
  readonly done: number;
  readonly of: number;
  readonly finished: boolean;
}

interface RecoveryState {
  readonly list: readonly Recovery[];
  readonly lives: Readonly<Record<string, number>>;
  readonly seed: string;
}

export const recoveryStore = createStore<RecoveryState>(() => ({ list: [], lives: {}, seed: '' }));

function findTargets(node: NodeFrame, frame: WorldFrame): Recovery['targets'] {
  const writer = writersIn(frame).find(({ view }) => view.state === 'open')?.view;
  const targets: Record<string, readonly [number, number]> = {};
  for (const group of viewOf(node, 'store')?.groups ?? []) {
    const pgcl = writer?.groups.find((known) => known.group === group.group)?.pgcl ?? group.pgcl;
    targets[group.group] = [Math.min(group.scl, pgcl), pgcl];
  }
  return targets;
}

function beginRecovery(node: NodeFrame, frame: WorldFrame): Recovery | null {
  const common = { node: node.id, life: node.life, step: null, done: 0, finished: false };
  if (isWriterNode(node)) return { ...common, kind: 'writer', targets: {}, of: recoverySteps.length };
  if (!isStoreNode(node)) return null;
  const targets = findTargets(node, frame);
  const of = Object.values(targets).reduce((total, [from, to]) => total + (to - from), 0);
  return { ...common, kind: 'store', targets, of };
}

function advance(recovery: Recovery, node: NodeFrame): Recovery {
  if (recovery.kind === 'writer') {
    const view = viewOf(node, 'compute');
    const step = view?.recovery?.step ?? null;
    const finished = view?.state === 'open';
    const done = finished ? recovery.of : step === null ? 0 : recoverySteps.indexOf(step);
    return { ...recovery, step, done, finished };
  }
  let done = 0;
  let finished = node.status === 'up' && Object.keys(recovery.targets).length > 0;
  for (const group of viewOf(node, 'store')?.groups ?? []) {
    const [from, to] = recovery.targets[group.group] ?? [0, 0];
    done += Math.min(Math.max(group.scl - from, 0), to - from);
    if (group.scl < to) finished = false;
  }
  return { ...recovery, done: finished ? recovery.of : done, finished };
}

let shownPlace: ShownPlace = 'live';
/** The live cluster's, while something else is shown. */
let aside = recoveryStore.getState();

/** A node that looks younger in the past has not started again when the present is back. */
function turnTo(place: ShownPlace): void {
  if (place === shownPlace) return;
  if (shownPlace === 'live') aside = recoveryStore.getState();
  shownPlace = place;
  recoveryStore.setState(place === 'live' ? aside : { list: [], lives: {}, seed: '' });
}

/** Follows every node that was opened again since the last frame. A finished one stays listed until its next crash. */
export function trackRecoveries(frame: WorldFrame, place: ShownPlace): void {
  turnTo(place);
  const { list, lives, seed } = recoveryStore.getState();
  const run = `${frame.preset} ${frame.seed}`;
  const known = run === seed ? lives : {};
  const next: Recovery[] = [];
  const nextLives: Record<string, number> = {};
  for (const node of frame.nodes) {
    nextLives[node.id] = node.life;
    const before = run === seed ? list.find((recovery) => recovery.node === node.id) : undefined;
    // A node's first opening is its birth, not a recovery.
    const lastLife = known[node.id] ?? node.life;
    const isBack = node.status !== 'down' && lastLife > 0 && lastLife < node.life;
    if (node.status === 'down') {
      nextLives[node.id] = known[node.id] ?? node.life;
      continue;
    }
    const current =
      isBack || before?.life !== node.life ? (isBack ? beginRecovery(node, frame) : null) : before;
    if (current) next.push(current.finished ? current : advance(current, node));
  }
  // None before and none now is the same list: nobody has to look at it again.
  const isNone = next.length === 0 && list.length === 0;
  recoveryStore.setState({ list: isNone ? list : next, lives: nextLives, seed: run });
}

export const useRecoveries = (): readonly Recovery[] => useStore(recoveryStore, (state) => state.list);
