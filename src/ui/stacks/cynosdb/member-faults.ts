// What an operator asks of a group's members (WAL-62…71): a disk replaced by an empty one or put back to its snapshot, a replica
// moved to a spare store or made anew, the open change taken back, a store added. Offered where the metadata's view says that it makes sense.

import {
  Camera,
  CirclePause,
  CirclePlay,
  HardDriveDownload,
  History,
  MoveRight,
  RefreshCw,
  Undo2,
} from 'lucide-react';
import { type NodeId, nodeId } from '../../../base/ids.ts';
import { isStoreNode, metadataIn, viewOf } from '../../../state/role-views.ts';
import {
  act,
  type FaultContext,
  type FaultEntry,
  frameOf,
  hasRole,
  isUp,
  type Refusal,
  subjectNode,
  unless,
} from '../../faults/entry.ts';
import { addEntries } from '../../faults/new-node.ts';
import { t } from '../../i18n/i18n.ts';
import { groupHosts } from './group-hosts.ts';
import { isPcs } from './pcs-member-faults.ts';
import { isReader } from './reader-faults.ts';

/** Stores that are in no group. */
const sparesOf = (context: FaultContext): readonly NodeId[] =>
  context.frame.cluster.nodes
    .filter((node) => isStoreNode(node) && !groupHosts(context).includes(node.id))
    .map(({ id }) => id);
/** Of them those that a menu names. */
const SPARES_NAMED = 4;

const isMember = (context: FaultContext): boolean => groupHosts(context).includes(subjectNode(context));
const isStore = (context: FaultContext): boolean => hasRole(context, 'store');
/** What it promised is compared with what others know of it (WAL-75, PCS-104). */
const isCompared = (context: FaultContext): boolean => isStore(context) || isPcs(context);
const isMemberStore = (context: FaultContext): boolean => isStore(context) && isMember(context);
const isPaused = (context: FaultContext): boolean =>
  viewOf(frameOf(context), 'store')?.groups.some(({ asksNothing }) => asksNothing) === true;
/** The first group whose members are being changed. */
const openMove = ({ frame }: FaultContext): string | null =>
  metadataIn(frame)?.groups.find(({ move }) => move !== null)?.group ?? null;
const whileOpen = (context: FaultContext): Refusal | null => {
  const group = openMove(context);
  return group === null ? null : { key: 'operation.moveOpen', names: { group } };
};
/** Where the metadata places replicas, each group's menu has them. */
const isPlacedByHand = ({ frame: { cluster } }: FaultContext): boolean => cluster.placement === undefined;

/** How long a replaced disk keeps its node away. */
const REPLACE_US = 5_000;

export const memberFaults: readonly FaultEntry[] = [
  // PCS-100: it has nothing until a replica is moved to it
  ...addEntries({
    id: 'addStore',
    label: 'fault.addStore',
    template: 'store',
    does: 'operation.addStore',
    after: 'powerOn',
    alike: ({ nodes }) => nodes.filter(isStoreNode).map(({ id }) => id),
  }),
  {
    id: 'wipeDisk',
    target: 'node',
    section: 'disk',
    label: 'fault.wipeDisk',
    icon: HardDriveDownload,
    shown: (context) => isCompared(context) || isReader(context),
    enabled: isUp,
    effect: (context) => act({ kind: 'wipeDisk', node: subjectNode(context), forUs: REPLACE_US }),
  },
  {
    id: 'snapshotDisk',
    target: 'node',
    section: 'disk',
    label: 'fault.snapshotDisk',
    icon: Camera,
    shown: isCompared,
    enabled: isUp,
    effect: (context) => act({ kind: 'snapshotDisk', node: subjectNode(context) }),
  },
  {
    id: 'putDiskBack',
    target: 'node',
    section: 'disk',
    label: 'fault.putDiskBack',
    icon: History,
    shown: isCompared,
    enabled: (context) => isUp(context) && frameOf(context)?.disk?.hasSnapshot === true,
    effect: (context) => act({ kind: 'rollbackDisk', node: subjectNode(context), forUs: REPLACE_US }),
  },
  {
    id: 'pauseHoles',
    target: 'node',
    section: 'replica',
    label: 'fault.pauseHoles',
    icon: CirclePause,
    shown: isMemberStore,
    enabled: (context) => isUp(context) && !isPaused(context),
    effect: (context) => act({ kind: 'pauseHoles', node: subjectNode(context), group: null, forUs: null }),
  },
  {
    id: 'resumeHoles',
    target: 'node',
    section: 'replica',
    label: 'fault.resumeHoles',
    icon: CirclePlay,
    shown: isMemberStore,
    enabled: (context) => isUp(context) && isPaused(context),
    effect: (context) => act({ kind: 'resumeHoles', node: subjectNode(context), group: null }),
  },
  ...Array.from(
    { length: SPARES_NAMED },
    (_, at): FaultEntry => ({
      id: at === 0 ? 'moveReplica' : `moveReplica.${at}`,
      target: 'node',
      section: 'replica',
      label: 'fault.moveReplica',
      icon: MoveRight,
      names: (context) => ({ to: sparesOf(context)[at] ?? t('operation.another') }),
      does: 'operation.moveReplica',
      // where there is none the first says so
      shown: (context) =>
        isMemberStore(context) &&
        isPlacedByHand(context) &&
        (at === 0 || sparesOf(context)[at] !== undefined),
      ...unless((context) =>
        sparesOf(context)[at] === undefined ? { key: 'operation.noSpare' } : whileOpen(context),
      ),
      effect: (context) =>
        act({
          kind: 'moveReplica',
          node: subjectNode(context),
          to: sparesOf(context)[at] ?? nodeId(''),
          group: null,
        }),
    }),
  ),
  {
    id: 'remakeReplica',
    target: 'node',
    section: 'replica',
    label: 'fault.remakeReplica',
    icon: RefreshCw,
    does: 'operation.remakeReplica',
    shown: isMemberStore,
    ...unless(whileOpen),
    effect: (context) =>
      act({ kind: 'moveReplica', node: subjectNode(context), to: subjectNode(context), group: null }),
  },
  {
    id: 'rollbackMove',
    target: 'world',
    section: 'replica',
    label: 'fault.rollbackMove',
    icon: Undo2,
    does: 'operation.rollbackMove',
    shown: ({ frame: { cluster } }) => cluster.chunks === undefined,
    ...unless((context) => (openMove(context) === null ? { key: 'operation.noMove' } : null)),
    effect: () => act({ kind: 'rollbackMove', group: null }),
  },
];
