// HA group and RO group of a volume (docs/spec/failover.md §2, §3) in the metadata, and the entries that choose who writes it. Nobody
// is granted a token for asking (A7): the PCS chooses the holder, which its entry names with the life of the node that is meant.

import { type Infer, list, nullable, struct, text, uint } from '../../base/codec.ts';
import type { NodeId, Term } from '../../base/ids.ts';
import { haGroupOf, readersOf } from '../kernel/attachments.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { node } from '../kernel/fields.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import type { MetaContent, MetaOperation, VolumeContent } from './meta-content.ts';

const computeGroup = struct({
  volume: text,
  /** Nodes that may write it, the one that does among them (FENCE-18). */
  members: list(struct({ node, priority: uint })),
  /** Readers that are never promoted. */
  readers: list(node),
  /** The life of the holder that the last token was granted to; 0: none was. */
  holderBoot: uint,
  /** While it is FREEZING: who is to write next (FENCE-33); while its token has no holder: who is, of those that hold as much (PCS-121). */
  target: nullable(node),
});
export type ComputeGroup = Infer<typeof computeGroup>;
export const computeGroupsCodec = list(computeGroup);

/** Of the cluster's own volume; none where one node writes it. */
export function initialGroups(cluster: ClusterSpec): ComputeGroup[] {
  const members = haGroupOf(cluster);
  if (members.length === 0) return [];
  const readers = readersOf(cluster).filter((one) => !members.some(({ node: id }) => id === one));
  return [{ volume: cluster.volume, members, readers, holderBoot: 0, target: null }];
}

/** Null: the volume has one writer, which asks for its tokens itself. */
export const groupOfVolume = ({ computeGroups }: MetaContent, volume: string): ComputeGroup | null =>
  computeGroups.find((group) => group.volume === volume) ?? null;

export const isMember = ({ members }: ComputeGroup, id: NodeId): boolean =>
  members.some(({ node: one }) => one === id);

export type SwitchError = 'TOKEN_RACE' | 'STALE_TERM' | 'BAD_TARGET' | 'CHANGE_IN_PROGRESS';
export type SwitchResult =
  | { readonly kind: 'granted'; readonly token: Term }
  | { readonly kind: 'fenced'; readonly token: Term }
  | { readonly kind: 'stateSet' }
  | { readonly kind: 'groupSet' }
  | { readonly kind: 'switchRefused'; readonly code: SwitchError };

const refused = (code: SwitchError): SwitchResult => ({ kind: 'switchRefused', code });

type SwitchOperation = Extract<
  MetaOperation,
  { kind: 'promote' | 'setState' | 'switchover' | 'moveToHa' | 'fenceVolume' | 'setLeader' }
>;

export const isSwitch = (operation: MetaOperation): operation is SwitchOperation =>
  operation.kind === 'promote' ||
  operation.kind === 'setState' ||
  operation.kind === 'switchover' ||
  operation.kind === 'moveToHa' ||
  operation.kind === 'fenceVolume' ||
  operation.kind === 'setLeader';

export function applySwitch(
  volume: VolumeContent | null,
  group: ComputeGroup | null,
  operation: SwitchOperation,
  mutants: Mutants,
): SwitchResult {
  if (volume === null || group === null) return refused('BAD_TARGET');
  switch (operation.kind) {
    case 'promote':
      return promote(volume, group, operation, mutants);
    case 'switchover':
      return beginSwitchover(volume, group, operation.target);
    case 'setState':
      return thaw(volume, group, operation.term);
    case 'moveToHa':
      return moveToHa(volume, group, operation);
    case 'fenceVolume':
      return fenceVolume(volume, group, operation, mutants);
    case 'setLeader':
      return setLeader(volume, group, operation);
  }
}

/** PCS-48, first entry: a token above all others, which nobody holds yet. */
function fenceVolume(
  volume: VolumeContent,
  group: ComputeGroup,
  { expect, target }: Extract<SwitchOperation, { kind: 'fenceVolume' }>,
  mutants: Mutants,
): SwitchResult {
  if (expect !== volume.token) return refused('TOKEN_RACE');
  const isSame = has(mutants, 'pcs.elects-with-old-token');
  volume.token = (volume.token + (isSame ? 0 : 1)) as Term;
  volume.holder = null;
  volume.state = 'FENCING';
  volume.mapVersion++;
  group.holderBoot = 0;
  group.target = target;
  return { kind: 'fenced', token: volume.token };
}

/** PCS-48, second entry: one holder for a token, a member of the group. */
function setLeader(
  volume: VolumeContent,
  group: ComputeGroup,
  { leader, leaderBoot, term }: Extract<SwitchOperation, { kind: 'setLeader' }>,
): SwitchResult {
  if (term !== volume.token || volume.holder !== null) return refused('STALE_TERM');
  if (!isMember(group, leader)) return refused('BAD_TARGET');
  volume.holder = leader;
  volume.mapVersion++;
  group.holderBoot = leaderBoot;
  group.target = null;
  return { kind: 'granted', token: term };
}

/** H1: token and state FENCING in one entry; `expect` other than the last token: another grant came first (FENCE-1). */
function promote(
  volume: VolumeContent,
  group: ComputeGroup,
  { holder, holderBoot, expect }: Extract<SwitchOperation, { kind: 'promote' }>,
  mutants: Mutants,
): SwitchResult {
  if (!isMember(group, holder) && !has(mutants, 'pcs.promotes-reader')) return refused('BAD_TARGET');
  if (expect !== volume.token) return refused('TOKEN_RACE');
  const isSame = volume.token > 0 && has(mutants, 'pcs.promotes-with-old-token');
  volume.token = (volume.token + (isSame ? 0 : 1)) as Term;
  volume.holder = holder;
  volume.state = volume.created ? 'FENCING' : 'CREATING';
  volume.mapVersion++;
  group.holderBoot = holderBoot;
  group.target = null;
  return { kind: 'granted', token: volume.token };
}

/** W1, W2. */
function beginSwitchover(volume: VolumeContent, group: ComputeGroup, target: NodeId): SwitchResult {
  if (!isMember(group, target) || target === volume.holder) return refused('BAD_TARGET');
  if (volume.state !== 'OPEN') return refused('CHANGE_IN_PROGRESS');
  volume.state = 'FREEZING';
  volume.mapVersion++;
  group.target = target;
  return { kind: 'stateSet' };
}

/** FENCE-23, FENCE-34: only while no token was granted since. */
function thaw(volume: VolumeContent, group: ComputeGroup, term: Term): SwitchResult {
  if (volume.state !== 'FREEZING' || term !== volume.token) return refused('STALE_TERM');
  volume.state = 'OPEN';
  volume.mapVersion++;
  group.target = null;
  return { kind: 'stateSet' };
}

function moveToHa(
  volume: VolumeContent,
  group: ComputeGroup,
  { node: id, priority }: Extract<SwitchOperation, { kind: 'moveToHa' }>,
): SwitchResult {
  if (!group.readers.includes(id)) return refused('BAD_TARGET');
  group.readers = group.readers.filter((one) => one !== id);
  group.members = [...group.members, { node: id, priority }];
  volume.writers = [...volume.writers, id];
  return { kind: 'groupSet' };
}
