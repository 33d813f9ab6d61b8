// Where chunks may lie as the metadata has it (docs/spec/polarfs.md FS-76, FS-77): servers that are drained (offline-nodes.ts; in a cluster
// without chunks the stores that are, PCS-100), and exchanges of replicas that are
// ordered. Which servers have a chunk is nobody's entry: the group's own configuration says it, and its leader reports it. Pure.

import { type Infer, list, nullable, struct, text, uint } from '../../base/codec.ts';
import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { group, node } from '../kernel/fields.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';

const chunkMove = struct({
  group,
  from: nullable(node),
  to: nullable(node),
  /** A `PlanReason` (placement/plan-reason.ts). */
  why: text,
  since: uint,
  deadline: uint,
});
export type ChunkMove = Infer<typeof chunkMove>;

export const storageCodec = struct({
  /** PCS-79: chunk servers, or stores, that replicas are to leave. */
  offline: list(node),
  /** Of chunks, at most one of each. */
  moves: list(chunkMove),
});
export type StoragePlacement = Infer<typeof storageCodec>;

export const noStorage = (): StoragePlacement => ({ offline: [], moves: [] });

export type ChunkMoveResult =
  | { readonly kind: 'chunkMove'; readonly move: ChunkMove; readonly outcome: 'begun' | 'done' | 'failed' }
  | { readonly kind: 'chunkMoveRefused' };

type Begin = Extract<MetaOperation, { kind: 'beginChunkMove' }>;
type End = Extract<MetaOperation, { kind: 'endChunkMove' }>;

const placementOf = (content: MetaContent): StoragePlacement => content.storage ?? noStorage();

const isGone = ({ removed }: MetaContent, one: NodeId | null): boolean =>
  one !== null && removed.includes(one);

export function beginChunkMove(
  content: MetaContent,
  { group: id, source: from, to, why, at: since, deadline }: Begin,
): ChunkMoveResult {
  const placement = placementOf(content);
  const { moves, offline } = placement;
  if (moves.some((one) => one.group === id) || isGone(content, to)) return { kind: 'chunkMoveRefused' };
  if (to !== null && offline.includes(to)) return { kind: 'chunkMoveRefused' };
  const move: ChunkMove = { group: id, from, to, why, since, deadline };
  content.storage = { ...placement, moves: [...moves, move] };
  return { kind: 'chunkMove', move, outcome: 'begun' };
}

export function endChunkMove(content: MetaContent, { group: id, outcome }: End): ChunkMoveResult {
  const placement = placementOf(content);
  const move = placement.moves.find((one) => one.group === id);
  if (move === undefined) return { kind: 'chunkMoveRefused' };
  content.storage = { ...placement, moves: placement.moves.filter((one) => one !== move) };
  return { kind: 'chunkMove', move, outcome };
}

/** With an added chunk server there is a choice. */
export function followServer(content: MetaContent, roles: readonly string[]): void {
  if (roles.includes('chunk')) content.storage ??= noStorage();
}

/** Of a chunk server that joined: it is drained, and nothing is ordered of it. */
export function mayLeave({ storage, joined }: MetaContent, id: NodeId): boolean {
  if (!joined.some((one) => one.node === id && one.roles.includes('chunk'))) return true;
  const { offline, moves } = storage ?? noStorage();
  return offline.includes(id) && !moves.some(({ from, to }) => from === id || to === id);
}

/** Servers that may have replicas: as the cluster was laid out, with those that have joined and without those that left. */
export const chunkServersOf = (
  { joined, removed }: MetaContent,
  { nodes }: ClusterSpec,
): { readonly id: NodeId; readonly zone: string }[] =>
  [...nodes, ...joined.map(({ node: id, zone, roles }) => ({ id, zone, roles }))].filter(
    ({ id, roles }) => (roles as readonly string[]).includes('chunk') && !removed.includes(id),
  );
