// Who holds the metadata's log, as the log has it (docs/spec/raft.md PCS-105, PCS-106): the identities that nodes were given, each
// once and to one life of its node, the configuration that is committed, and the change that an operator has asked for. Pure.

import type { NodeId } from '../../base/ids.ts';
import { type MemberId, membersOf, votersOf } from '../consensus/configuration.ts';
import { firstIdentity, membersAt, nextIdentity, nodeOfMember } from '../consensus/identities.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';

export type MembersRefusal = 'CHANGE_IN_PROGRESS' | 'ALREADY_VOTER' | 'NOT_MEMBER' | 'LAST_VOTER';

export type MembersResult =
  | { readonly kind: 'pcsChange'; readonly node: NodeId; readonly want: 'in' | 'out' }
  | { readonly kind: 'pcsAdmitted'; readonly node: NodeId; readonly member: MemberId }
  | { readonly kind: 'pcsDone'; readonly node: NodeId; readonly want: 'in' | 'out' }
  | {
      readonly kind: 'pcsRefused';
      readonly node: NodeId;
      readonly want: 'in' | 'out';
      readonly code: MembersRefusal;
    };

type Change = Extract<MetaOperation, { kind: 'changePcs' }>;
type Admit = Extract<MetaOperation, { kind: 'admitPcs' }>;

export const identityOf = ({ members }: MetaContent, node: NodeId): MemberId | null =>
  members.find((one) => one.node === node)?.member ?? null;

/** It votes on the metadata or learns its log, by what is committed, or is about to. */
export const holdsPlace = ({ config, pcs, change }: MetaContent, node: NodeId): boolean =>
  membersAt(config, pcs, node).length > 0 || (change?.node === node && change.want === 'in');

/**
 * A person's order (PCS-106). One change at a time; for the node that one is open for the newer order counts, so that what cannot
 * be finished can be taken back.
 */
export function changePcs(content: MetaContent, { node, want, isIdle, at: since }: Change): MembersResult {
  const refuse = (code: MembersRefusal): MembersResult => ({ kind: 'pcsRefused', node, want, code });
  const { change, config, pcs, removed } = content;
  if (!pcs.includes(node) || removed.includes(node)) return refuse('NOT_MEMBER');
  if (change !== null && (change.node !== node || change.want === want)) return refuse('CHANGE_IN_PROGRESS');
  const own = membersAt(config, pcs, node);
  const isVoter = votersOf(config).some((member) => own.includes(member));
  if (want === 'in' && isVoter && !isIdle) return refuse('ALREADY_VOTER');
  if (want === 'out' && own.length === 0 && change === null) return refuse('NOT_MEMBER');
  if (want === 'out' && config.voters.every((member) => own.includes(member))) return refuse('LAST_VOTER');
  content.change = { node, want, member: null, since };
  return { kind: 'pcsChange', node, want };
}

/** PCS-105: an identity that was never used, for this life of the node only. */
export function admitPcs(content: MetaContent, { node, incarnation }: Admit): MembersResult {
  const { change } = content;
  if (change?.node !== node || change.want !== 'in')
    return { kind: 'pcsRefused', node, want: 'in', code: 'NOT_MEMBER' };
  const last = identityOf(content, node);
  const member = last === null ? firstIdentity(content.pcs, node) : nextIdentity(last);
  content.members = [...content.members.filter((one) => one.node !== node), { node, member, incarnation }];
  content.change = { ...change, member };
  return { kind: 'pcsAdmitted', node, member };
}

export function endPcsChange(content: MetaContent, node: NodeId): MembersResult {
  const { change } = content;
  if (change?.node !== node) return { kind: 'pcsRefused', node, want: 'out', code: 'NOT_MEMBER' };
  content.change = null;
  return { kind: 'pcsDone', node, want: change.want };
}

/** PCS-107: it was a member and is none any more, by what is committed: its number is not used again. */
export function isGone(content: MetaContent, member: MemberId): boolean {
  const { config, change, pcs } = content;
  const node = nodeOfMember(pcs, member);
  const last = node === null ? null : identityOf(content, node);
  return (
    last !== null &&
    last >= member &&
    !membersOf(config).includes(member) &&
    (change === null || change.member !== member)
  );
}
