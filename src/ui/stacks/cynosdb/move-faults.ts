// Moves of a group's replica to a store that one chooses (WAL-64, PCS-100): from one of its members to a store that has none of it. A menu
// names both, so there is an entry for each pair of places in their lists.

import { MoveRight } from 'lucide-react';
import { groupId, type NodeId, nodeId } from '../../../base/ids.ts';
import { offlineNodes } from '../../../core/pcs/offline-nodes.ts';
import { metadataIn, nodesWith } from '../../../state/role-views.ts';
import { act, type FaultContext, type FaultEntry, type Refusal, unless } from '../../faults/entry.ts';
import { t } from '../../i18n/i18n.ts';
import '../../../words/cynosdb/fault.en.json';

/** Members and other stores that a menu names. */
const MEMBERS_NAMED = 5;
const OTHERS_NAMED = 8;

const groupIn = ({ frame, subject }: FaultContext) =>
  subject.kind === 'group'
    ? (metadataIn(frame)?.groups.find(({ group }) => group === subject.id) ?? null)
    : null;

const membersOf = (context: FaultContext): readonly NodeId[] => groupIn(context)?.members.sets.at(-1) ?? [];

/** Those that are up first: a store that is down is named last. */
function othersOf(context: FaultContext): readonly NodeId[] {
  const { frame } = context;
  const members = groupIn(context)?.members;
  const own = [...(members?.sets.flat() ?? []), ...(members?.learners ?? [])];
  const isDown = (id: NodeId): number =>
    Number(frame.nodes.find((node) => node.id === id)?.status === 'down');
  return nodesWith(frame.cluster, 'store')
    .filter((id) => !own.includes(id))
    .toSorted((a, b) => isDown(a) - isDown(b));
}

function refusalOf(context: FaultContext, to: NodeId | undefined): Refusal | null {
  if (to === undefined) return { key: 'operation.noOther' };
  const group = groupIn(context);
  const metadata = metadataIn(context.frame);
  if (group !== null && group.move !== null)
    return { key: 'operation.moveOpen', names: { group: group.group } };
  if (context.frame.nodes.find(({ id }) => id === to)?.status === 'down')
    return { key: 'operation.down', names: { node: to } };
  return metadata !== null && offlineNodes(metadata).includes(to)
    ? { key: 'operation.leaving', names: { node: to } }
    : null;
}

const place = (member: number, other: number): FaultEntry => {
  const ends = (context: FaultContext) => ({
    from: membersOf(context)[member],
    to: othersOf(context)[other],
  });
  return {
    id: `group.move.${member}.${other}`,
    target: 'group',
    section: 'move',
    label: 'fault.moveFrom',
    icon: MoveRight,
    does: 'operation.moveReplica',
    names: (context) => ({ from: ends(context).from ?? '–', to: ends(context).to ?? t('operation.another') }),
    // where nobody could take one the first says so
    shown: (context) => {
      const { from, to } = ends(context);
      return from !== undefined && (to !== undefined || (member === 0 && other === 0));
    },
    ...unless((context) => refusalOf(context, ends(context).to)),
    effect: (context) => {
      const { from = nodeId(''), to = nodeId('') } = ends(context);
      const { subject } = context;
      return act({
        kind: 'moveReplica',
        node: from,
        to,
        group: groupId(subject.kind === 'group' ? subject.id : ''),
      });
    },
  };
};

export const moveFaults: readonly FaultEntry[] = Array.from({ length: MEMBERS_NAMED }, (_, member) =>
  Array.from({ length: OTHERS_NAMED }, (__, other) => place(member, other)),
).flat();
