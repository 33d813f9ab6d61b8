// What chunk servers report (docs/spec/polarfs.md FS-77): who has which chunk, as the leader of its group says it, and how much it stores and
// is asked. Memory of the metadata's leader, heard anew at each election. Pure.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { type ChunkMembers, hasMember } from './chunk-members.ts';
import { inFigureSteps } from './group-figures.ts';
import type { MetaState } from './meta-state.ts';

export interface ChunkGroup extends ChunkMembers {
  /** The server that leads it, and its term. */
  readonly leader: NodeId;
  readonly term: number;
  /** Bytes stored and requests, in the planner's steps. */
  readonly size: number;
  readonly load: number;
}

interface Held {
  readonly incarnation: number;
  /** Identity that it runs under, 0 none. */
  readonly groups: ReadonlyMap<GroupId, number>;
}

export interface ChunkDriver {
  readonly groups: Map<GroupId, ChunkGroup>;
  /** By server, of its newest report. */
  readonly held: Map<NodeId, Held>;
  /** It has said that there is nothing to do. */
  isAtRest: boolean;
}

export const makeChunkDriver = (): ChunkDriver => ({ groups: new Map(), held: new Map(), isAtRest: false });

export function recordChunks(
  { chunks: { groups, held } }: MetaState,
  from: NodeId,
  { incarnation, chunks }: MessageOf<'ChunkReport'>,
): void {
  if (incarnation < (held.get(from)?.incarnation ?? 0)) return;
  held.set(from, { incarnation, groups: new Map(chunks.map(({ group, member }) => [group, member])) });
  for (const { group, leads, index, voters, outgoing, learners, size, load } of chunks) {
    const known = groups.get(group);
    if (leads === 0 || leads < (known?.term ?? 0)) continue;
    const figures = inFigureSteps(known ?? { size: 0, load: 0 }, { size, load });
    groups.set(group, { leader: from, term: leads, index, voters, outgoing, learners, ...figures });
  }
}

/** Servers that have a replica which is none of the group's, and members that have none. */
export function misplaced(
  { held }: ChunkDriver,
  id: GroupId,
  members: ChunkMembers,
  to: NodeId | null,
): { readonly strays: NodeId[]; readonly lost: NodeId[] } {
  const hosts = [...held].filter(([, { groups }]) => groups.has(id)).map(([node]) => node);
  return {
    strays: hosts.filter((node) => node !== to && !hasMember(members, node)),
    lost: [...held.keys()].filter((node) => hasMember(members, node) && !hosts.includes(node)),
  };
}
