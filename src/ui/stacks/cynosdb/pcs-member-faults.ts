// What an operator asks of the members of the metadata's log where it has several nodes (PCS-106): a spare node, or one whose disk is
// not its own, comes in under a new identity; a member goes out.

import { UserMinus, UserPlus } from 'lucide-react';
import { metadataIn, nodesWith, viewOf } from '../../../state/role-views.ts';
import {
  act,
  type FaultContext,
  type FaultEntry,
  frameOf,
  hasRole,
  subjectNode,
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

const isOpenFor = (context: FaultContext): boolean => {
  const change = metadataIn(context.frame)?.change ?? null;
  return change === null || change.node === subjectNode(context);
};
const isComing = (context: FaultContext): boolean => metadataIn(context.frame)?.change?.want === 'in';

export const pcsMemberFaults: readonly FaultEntry[] = [
  {
    id: 'addPcs',
    target: 'node',
    section: 'main',
    label: 'fault.addPcs',
    icon: UserPlus,
    shown: (context) => isPcs(context) && !isMember(context),
    enabled: (context) => isOpenFor(context) && !isComing(context),
    effect: (context) => act({ kind: 'addPcs', node: subjectNode(context) }),
  },
  {
    id: 'removePcs',
    target: 'node',
    section: 'main',
    label: 'fault.removePcs',
    icon: UserMinus,
    shown: (context) => isPcs(context) && (isMember(context) || isComing(context)),
    enabled: isOpenFor,
    effect: (context) => act({ kind: 'removePcs', node: subjectNode(context) }),
  },
];
