// Identities of the members of a Raft group (docs/spec/raft.md PCS-105, polarfs.md FS-79): a number that is never used again says at which place
// of the group's list its node stands, and how often that node was given one.

import type { NodeId } from '../../base/ids.ts';
import { type Configuration, type MemberId, memberId, membersOf } from './configuration.ts';

/** Nodes that the numbers of members tell apart: place in the list, then how often the node was given an identity. */
export const PLACES = 64;

export const firstIdentity = (nodes: readonly NodeId[], node: NodeId): MemberId =>
  memberId(nodes.indexOf(node) + 1);
/** The identity of the same node after this one. */
export const nextIdentity = (last: MemberId): MemberId => memberId(last + PLACES);
export const nodeOfMember = (nodes: readonly NodeId[], member: MemberId): NodeId | null =>
  nodes[(member - 1) % PLACES] ?? null;
/** 1: the first identity of its node. */
export const nthIdentity = (member: MemberId): number => Math.floor((member - 1) / PLACES) + 1;
/** `pcs-2`, and from its second identity on `pcs-2#2`. */
export function memberName(at: NodeId | null, member: MemberId): string {
  const node = at ?? `member ${member}`;
  const nth = nthIdentity(member);
  return nth === 1 ? node : `${node}#${nth}`;
}

/** Identities of the node that the configuration has: one, or two while a lost one is replaced. */
export const membersAt = (config: Configuration, nodes: readonly NodeId[], node: NodeId): MemberId[] =>
  membersOf(config).filter((member) => nodeOfMember(nodes, member) === node);
