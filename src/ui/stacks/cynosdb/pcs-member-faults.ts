// What an operator asks of the members of the metadata's log where it has several nodes (PCS-106): a spare node, or one whose disk is
// not its own, comes in under a new identity; a member goes out.

import { Crown, UserMinus, UserPlus } from 'lucide-react';
import { metadataIn, nodesWith, viewOf } from '../../../state/role-views.ts';
import {
  act,
  type FaultContext,
  type FaultEntry,
  frameOf,
  hasRole,
  type Refusal,
  subjectNode,
  unless,
  whileDown,
} from '../../faults/entry.ts';

export const isPcs = (context: FaultContext): boolean =>
  hasRole(context, 'meta') && nodesWith(context.frame.cluster, 'meta').length > 1;

/** It runs under an identity of its own, or is not known to have lost it. */
function isMember(context: FaultContext): boolean {
  const node = subjectNode(context);
  const metadata = metadataIn(context.frame);
  const isListed = metadata?.voters.includes(node) || metadata?.learners.includes(node);
  return isListed === true && (viewOf(frameOf(context), 'meta')?.as ?? node) !== '';
}

/** One change at a time; for the node that it is open for a newer order counts. */
const whileOther = (context: FaultContext): Refusal | null => {
  const change = metadataIn(context.frame)?.change ?? null;
  return change === null || change.node === subjectNode(context)
    ? null
    : { key: 'operation.changeOpen', names: { node: change.node } };
};
const isComing = (context: FaultContext): boolean => metadataIn(context.frame)?.change?.want === 'in';

const isOnlyVoter = (context: FaultContext): boolean =>
  metadataIn(context.frame)?.voters.every((node) => node === subjectNode(context)) === true;

/** PCS-27. */
function leadRefusal(context: FaultContext): Refusal | null {
  const node = subjectNode(context);
  const metadata = metadataIn(context.frame);
  const down = whileDown(context);
  if (down !== null) return down;
  if (metadata?.leader == null && metadata?.member !== 'leader') return { key: 'operation.nobodyLeads' };
  if (viewOf(frameOf(context), 'meta')?.member === 'leader') return { key: 'operation.leadsAlready' };
  return metadata.voters.includes(node) ? null : { key: 'operation.noVote' };
}

export const pcsMemberFaults: readonly FaultEntry[] = [
  {
    id: 'addPcs',
    target: 'node',
    section: 'main',
    label: 'fault.addPcs',
    icon: UserPlus,
    shown: (context) => isPcs(context) && !isMember(context),
    does: 'operation.addPcs',
    ...unless((context) => whileOther(context) ?? (isComing(context) ? { key: 'operation.coming' } : null)),
    effect: (context) => act({ kind: 'addPcs', node: subjectNode(context) }),
  },
  {
    id: 'removePcs',
    target: 'node',
    section: 'main',
    label: 'fault.removePcs',
    icon: UserMinus,
    shown: (context) => isPcs(context) && (isMember(context) || isComing(context)),
    does: 'operation.removePcs',
    ...unless(
      (context) => whileOther(context) ?? (isOnlyVoter(context) ? { key: 'operation.lastVoter' } : null),
    ),
    effect: (context) => act({ kind: 'removePcs', node: subjectNode(context) }),
  },
  {
    id: 'transferPcs',
    target: 'node',
    section: 'main',
    label: 'fault.transferPcs',
    icon: Crown,
    does: 'operation.transferPcs',
    shown: isPcs,
    ...unless(leadRefusal),
    effect: (context) => act({ kind: 'transferPcs', node: subjectNode(context) }),
  },
];
