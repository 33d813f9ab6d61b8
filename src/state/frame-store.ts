// The newest picture of the world, by id: a component subscribes to one node, one link or one number, and keeps its
// reference while nothing of its own changed. Filled by `connect.ts`, read by the screen, changed by nobody else.
// What is drawn on canvases and the clock take every frame (`newest`); components get at most 30 a second, and the parts of
// the screen take theirs by turns (screen-turns.ts).

import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { NodeId } from '../base/ids.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import type { NodeFrame, WorldFrame } from '../run-model/picture/frame.ts';
import { type LinkPair, pairLinks } from './link-pair.ts';
import { isPressed } from './press.ts';
import { runStore } from './run-store.ts';
import { keepSame } from './same-value.ts';
import { makeScreenTurns, type ScreenPart } from './screen-turns.ts';

export interface FrameState {
  readonly frame: WorldFrame | null;
  readonly cluster: ClusterSpec | null;
  readonly nodes: Readonly<Record<string, NodeFrame>>;
  readonly links: Readonly<Record<string, LinkPair>>;
  /** Keys of `links` in order; the same array while no link appears or goes. */
  readonly linkKeys: readonly string[];
}

/** Wall ms between two updates of the components. */
const updateMs = 30;

const empty: FrameState = {
  frame: null,
  cluster: null,
  nodes: {},
  links: {},
  linkKeys: [],
};

/** What the components are given next; `useFrame` reads what their part of the screen has taken of it. */
export const frameStore = createStore<FrameState>(() => empty);

/**
 * While time passes parts take their pictures by turns. While it stands all parts show one instant. So they do while a run is brought to
 * where it begins: so much passes between two turns then that parts beside each other would show numbers of quite other instants.
 */
function togetherMs(): number | null {
  const { run } = runStore.getState();
  if (run?.mode === 'BOOTING') return 200;
  return run?.playing === true ? null : 50;
}

const turns = makeScreenTurns(frameStore, isPressed, togetherMs);

/** In which part of the screen a component stands. */
export const ScreenPartContext = createContext<ScreenPart>('frame');

/** The picture of the branch that is held against the shown one (branch-store.ts); it comes while the run stands. */
export const otherFrameStore = createStore<FrameState>(() => empty);

/** A cluster that nobody has started (ui/cluster). */
export const draftFrameStore = createStore<FrameState>(() => empty);

/** What a component shows: one of two branches, or a cluster on paper. */
export type Branch = 'shown' | 'other' | 'draft';
export const BranchContext = createContext<Branch>('shown');

const besides = { other: otherFrameStore, draft: draftFrameStore } as const;
const opposites = { shown: otherFrameStore, other: frameStore, draft: draftFrameStore } as const;

interface Newest {
  readonly frame: WorldFrame | null;
  /** Wall time at which it came, ms of `performance.now()`. */
  readonly receivedAt: number;
  /** Wall ms since the one before it. */
  readonly gapMs: number;
}

let newest: Newest = { frame: null, receivedAt: 0, gapMs: 0 };
let updatedAt = Number.NEGATIVE_INFINITY;
let timer: ReturnType<typeof setTimeout> | null = null;

export const newestFrame = (): Newest => newest;

/** A picture by id, which shares with the one before whatever did not change. */
function framed(before: FrameState, frame: WorldFrame): FrameState {
  const cluster = keepSame(before.cluster ?? undefined, frame.cluster);
  const nodes: Record<string, NodeFrame> = {};
  for (const node of frame.nodes) nodes[node.id] = keepSame(before.nodes[node.id], node);
  const order = frame.cluster.nodes.map((node) => node.id);
  const isRelinked = frame.links !== before.frame?.links || cluster !== before.cluster;
  const links: Record<string, LinkPair> = isRelinked ? {} : before.links;
  if (isRelinked)
    for (const pair of pairLinks(frame.links, order))
      links[pair.key] = keepSame(before.links[pair.key], pair);
  const linkKeys = keepSame(before.linkKeys, Object.keys(links));
  return {
    frame: {
      ...frame,
      faults: keepSame(before.frame?.faults, frame.faults),
      violations: keepSame(before.frame?.violations, frame.violations),
    },
    cluster,
    nodes: keepEntries(before.nodes, nodes),
    links: keepEntries(before.links, links),
    linkKeys,
  };
}

function update(frame: WorldFrame): void {
  const { cluster } = frameStore.getState();
  frameStore.setState(framed(frameStore.getState(), frame));
  // Another cluster is the whole screen's at once: no part shows a node of one beside a link of the other.
  if (cluster === frameStore.getState().cluster) turns.start();
  else turns.giveAll();
}

/** The old record when every entry is the old one. */
function keepEntries<T>(
  before: Readonly<Record<string, T>>,
  next: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const keys = Object.keys(next);
  const same = keys.length === Object.keys(before).length && keys.every((key) => before[key] === next[key]);
  return same ? before : next;
}

function updateNow(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  updatedAt = newest.receivedAt;
  if (newest.frame !== null) update(newest.frame);
}

/** Every part of the screen has the newest picture: another run is the whole screen's at once, before anything is said of it. */
export function showNewest(): void {
  updateNow();
  turns.giveAll();
}

/** Takes in a frame. The last one of a burst always reaches the components. */
export function takeFrame(frame: WorldFrame, receivedAt: number): void {
  newest = { frame, receivedAt, gapMs: receivedAt - newest.receivedAt };
  const wait = updatedAt + updateMs - receivedAt;
  if (wait <= 0) updateNow();
  else timer ??= setTimeout(updateNow, wait);
}

/** The other branch's picture, or a draft's; null: there is none. */
export const takeFrameBeside = (branch: keyof typeof besides, frame: WorldFrame | null): void =>
  besides[branch].setState(frame === null ? empty : framed(besides[branch].getState(), frame), true);

export function useFrame<T>(select: (state: FrameState) => T): T {
  const part = useContext(ScreenPartContext);
  const branch = useContext(BranchContext);
  return useStore(branch === 'shown' ? turns.store(part) : besides[branch], select);
}

/** From the picture that a component's branch is held against; of the shown branch that is the other one, of a draft itself. */
export function useOpposite<T>(select: (state: FrameState) => T): T {
  return useStore(opposites[useContext(BranchContext)], select);
}

export const useNode = (id: NodeId | string): NodeFrame | undefined => useFrame((state) => state.nodes[id]);
export const useLink = (key: string): LinkPair | undefined => useFrame((state) => state.links[key]);
export const useCluster = (): ClusterSpec | null => useFrame((state) => state.cluster);
