// The newest picture of the world, by id: a component subscribes to one node, one link or one number, and keeps its
// reference while nothing of its own changed. Filled by `connect.ts`, read by the screen, changed by nobody else.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { NodeId } from '../base/ids.ts';
import type { ClusterSpec } from '../core/door.ts';
import type { NodeFrame, WorldFrame } from '../sim/frame.ts';
import { type LinkPair, pairLinks } from './link-pair.ts';
import { keepSame } from './same-value.ts';

export interface FrameState {
  readonly frame: WorldFrame | null;
  readonly cluster: ClusterSpec | null;
  readonly nodes: Readonly<Record<string, NodeFrame>>;
  readonly links: Readonly<Record<string, LinkPair>>;
  /** Keys of `links` in order; the same array while no link appears or goes. */
  readonly linkKeys: readonly string[];
  /** Wall time at which `frame` came, ms of `performance.now()`. */
  readonly receivedAt: number;
}

const empty: FrameState = {
  frame: null,
  cluster: null,
  nodes: {},
  links: {},
  linkKeys: [],
  receivedAt: 0,
};

export const frameStore = createStore<FrameState>(() => empty);

/** Takes in a frame, sharing with the last one whatever did not change. */
export function takeFrame(frame: WorldFrame, receivedAt: number): void {
  const before = frameStore.getState();
  const cluster = keepSame(before.cluster ?? undefined, frame.cluster);
  const nodes: Record<string, NodeFrame> = {};
  for (const node of frame.nodes) nodes[node.id] = keepSame(before.nodes[node.id], node);
  const order = frame.cluster.nodes.map((node) => node.id);
  const links: Record<string, LinkPair> = {};
  for (const pair of pairLinks(frame.links, order)) links[pair.key] = keepSame(before.links[pair.key], pair);
  const linkKeys = keepSame(before.linkKeys, Object.keys(links));
  frameStore.setState({ frame, cluster, nodes, links, linkKeys, receivedAt });
}

export function useFrame<T>(select: (state: FrameState) => T): T {
  return useStore(frameStore, select);
}

export const useNode = (id: NodeId | string): NodeFrame | undefined => useFrame((state) => state.nodes[id]);
export const useLink = (key: string): LinkPair | undefined => useFrame((state) => state.links[key]);
export const useCluster = (): ClusterSpec | null => useFrame((state) => state.cluster);
