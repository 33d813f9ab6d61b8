// A node that is to go gives up its place in the metadata's log before it is a tombstone (docs/spec/raft.md PCS-24, placement.md PCS-79, PCS-80): by the
// changes of members that a person may order too (PCS-106). Another node takes the place first where too few voters would remain.

import type { NodeId } from '../../base/ids.ts';
import { membersAt, nodeOfMember } from '../consensus/identities.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import type { RoleContext } from '../kernel/context.ts';
import { wantOwn } from './member-driver.ts';
import { holdsPlace } from './members.ts';
import type { MetaContent } from './meta-content.ts';
import type { MetaState } from './meta-state.ts';
import { isCandidateUp } from './node-up.ts';
import { offlineNodes } from './offline-nodes.ts';
import { initialPcs } from './pcs-nodes.ts';
import { isLeading } from './pcs-raft.ts';
import { isVoteNeeded } from './vote-needed.ts';

/** By what is committed. */
const isPcsVoter = ({ content: { config, pcs } }: Pick<MetaState, 'content'>, node: NodeId): boolean =>
  config.voters.some((member) => nodeOfMember(pcs, member) === node);

/** Voters that are to stay, but for `node`. */
const staying = (state: MetaState, node: NodeId): NodeId[] =>
  state.content.pcs.filter(
    (one) => one !== node && isPcsVoter(state, one) && !offlineNodes(state.content).includes(one),
  );

/** Nodes that hold no place and may have one. */
const spares = (state: MetaState, leaving: NodeId): NodeId[] =>
  state.content.pcs.filter(
    (node) =>
      node !== leaving &&
      !holdsPlace(state.content, node) &&
      !offlineNodes(state.content).includes(node) &&
      !state.content.removed.includes(node),
  );

/** As many as the cluster was laid out with. */
const fewest = ({ config }: MetaState): number => initialPcs(config.cluster).length;

/** PCS-80; `up`: nodes that are heard. */
export const isVoterNeeded = (state: MetaState, node: NodeId, up: readonly NodeId[]): boolean =>
  isVoteNeeded(node, {
    voters: state.content.pcs.filter((one) => isPcsVoter(state, one)),
    spares: up.filter((one) => state.content.pcs.includes(one) && !isPcsVoter(state, one)),
    offline: offlineNodes(state.content),
    fewest: fewest(state),
  });

/** One step at a time: the open change goes on first (member-driver.ts). */
export function driveLeavingVoters(state: MetaState, ctx: RoleContext): void {
  const { content } = state;
  const { change, config, pcs } = content;
  if (!isLeading(state)) return;
  const leaving = offlineNodes(state.content).find((node) => membersAt(config, pcs, node).length > 0);
  if (leaving === undefined) return;
  const step = (node: NodeId, want: 'in' | 'out', isIdle: boolean): void =>
    wantOwn(state, ctx, { kind: 'changePcs', node, want, isIdle, at: ctx.now });
  if (change !== null) {
    // who was to take the place is not there any more; whoever ordered that: nobody could leave meanwhile
    if (change.want === 'in' && !isCandidateUp(state, ctx, change.node)) step(change.node, 'out', false);
  } else if (staying(state, leaving).length >= fewest(state)) step(leaving, 'out', false);
  else {
    // it says itself that it runs without an identity
    const ready = spares(state, leaving).filter(
      (node) => state.idle.has(node) && isCandidateUp(state, ctx, node),
    );
    const next = bestSpare(state, ready, staying(state, leaving));
    if (next !== null) step(next, 'in', true);
  }
}

/** In a zone where nobody votes, if there is one. */
function bestSpare(state: MetaState, from: readonly NodeId[], voters: readonly NodeId[]): NodeId | null {
  const taken = new Set(voters.map((node) => zoneOf(state, node)));
  return from.find((node) => !taken.has(zoneOf(state, node))) ?? from[0] ?? null;
}

const zoneOf = ({ content, config }: MetaState, node: NodeId): string =>
  content.joined.find((one) => one.node === node)?.zone ??
  config.cluster.nodes.find(({ id }) => id === node)?.zone ??
  '';

/**
 * PCS-1: who holds the log now, where these are not, or were not always, the nodes that the cluster was laid out with: then a disk may
 * have another list. Null: nobody has one.
 */
export function movedPcs(
  content: Pick<MetaContent, 'config' | 'pcs' | 'members'>,
  cluster: ClusterSpec,
): NodeId[] | null {
  const { config, pcs, members } = content;
  const held = pcs.filter((node) => membersAt(config, pcs, node).length > 0);
  const first = initialPcs(cluster);
  const isLaidOut = (nodes: readonly NodeId[]): boolean => nodes.every((node) => first.includes(node));
  const hadOthers = !isLaidOut(members.map(({ node }) => node));
  return held.length === first.length && isLaidOut(held) && !hadOthers ? null : held;
}
