// What can be done to a reader by a click: its journal held back, released or cut, its session revoked (READ-9, READ-28); and
// in a cluster with an HA group that it is to write the volume, or may have to (FENCE-18, FENCE-33). Readers are added here, and they
// and stores that have nothing are removed.

import { ArrowLeftRight, Hand, Landmark, Package, Scissors, Trash2, UserPlus, UserX } from 'lucide-react';
import type { NodeId } from '../../../base/ids.ts';
import {
  attachedNodes,
  haGroupOf,
  isAppointed,
  MAX_READERS,
  readersOf,
} from '../../../core/kernel/attachments.ts';
import { templateOf } from '../../../sim/node-templates.ts';
import { nodeKinds } from '../../../stacks/node-kinds.ts';
import { metadataIn, nodesWith, writerOf } from '../../../state/role-views.ts';
import {
  act,
  always,
  type FaultContext,
  type FaultEntry,
  frameOf,
  hasRole,
  oneWay,
  type Refusal,
  subjectNode,
  unless,
  whileDown,
} from '../../faults/entry.ts';
import { addEntries } from '../../faults/new-node.ts';
import { computeOf } from '../../model/node-facts.ts';
import '../../../words/cynosdb/fault.en.json';

type ReaderFault = Pick<FaultEntry, 'id' | 'label' | 'icon' | 'effect'> &
  Partial<Pick<FaultEntry, 'enabled' | 'shown' | 'does' | 'refusal'>>;

const writerIn = ({ frame }: FaultContext): NodeId => writerOf(frame) ?? ('' as NodeId);

/** Where the PCS appoints the writer, every other node at the volume reads it. */
export const isReader = (context: FaultContext): boolean => {
  const { cluster } = context.frame;
  const node = subjectNode(context);
  if (isAppointed(cluster)) return attachedNodes(cluster).includes(node) && node !== writerIn(context);
  return readersOf(cluster).includes(node);
};

const isStandby = (context: FaultContext): boolean =>
  haGroupOf(context.frame.cluster).some(({ node }) => node === subjectNode(context));
/** The direction in which its journal comes. */
const journalOf = (context: FaultContext) => oneWay(writerIn(context), subjectNode(context));

const isHeld = (context: FaultContext): boolean =>
  context.frame.links.some(
    ({ from, to, held }) => held && from === writerIn(context) && to === subjectNode(context),
  );

/** FENCE-33: a member of the HA group that serves as a reader, while no other switchover is under way. */
function whyNotPromoted(context: FaultContext): Refusal | null {
  const node = subjectNode(context);
  const { cluster } = context.frame;
  const group = metadataIn(context.frame)?.computeGroups?.find(({ volume }) => volume === cluster.volume);
  if (group?.members.every((member) => member.node !== node))
    return { key: 'operation.notHa', names: { node } };
  if (group !== undefined && group.target !== null) return { key: 'operation.switching' };
  return computeOf(frameOf(context))?.state === 'open'
    ? null
    : { key: 'operation.notServing', names: { node } };
}

const ofReader: readonly ReaderFault[] = [
  {
    id: 'holdJournal',
    label: 'fault.holdJournal',
    icon: Hand,
    enabled: (context) => !isHeld(context),
    effect: (context) => act({ kind: 'hold', link: journalOf(context), forUs: null }),
  },
  {
    id: 'releaseJournal',
    label: 'fault.releaseJournal',
    icon: Package,
    enabled: isHeld,
    effect: (context) => act({ kind: 'release', link: journalOf(context) }),
  },
  {
    id: 'cutJournal',
    label: 'fault.cutJournal',
    icon: Scissors,
    effect: (context) => act({ kind: 'cut', link: journalOf(context), forUs: 6000 }),
  },
  {
    id: 'revokeReader',
    label: 'fault.revokeReader',
    icon: UserX,
    does: 'operation.revokeReader',
    // Readers of shared storage hold a slot by a lease, which no command ends (LI-63).
    shown: (context) => isReader(context) && context.frame.cluster.chunks === undefined,
    effect: (context) =>
      act({ kind: 'revokeReader', node: writerIn(context), volume: '', reader: subjectNode(context) }),
  },
  {
    id: 'switchover',
    label: 'fault.switchover',
    icon: ArrowLeftRight,
    shown: (context) => isAppointed(context.frame.cluster) && isReader(context),
    does: 'operation.switchover',
    ...unless((context) => whileDown(context) ?? whyNotPromoted(context)),
    effect: (context) => act({ kind: 'switchover', node: subjectNode(context), volume: '' }),
  },
  {
    id: 'moveToHa',
    label: 'fault.moveToHa',
    icon: UserPlus,
    does: 'operation.moveToHa',
    shown: (context) => isAppointed(context.frame.cluster) && isReader(context) && !isStandby(context),
    effect: (context) => act({ kind: 'moveToHa', node: subjectNode(context), volume: '', priority: 1 }),
  },
];

/** F11: the stores, the clients and the readers still hear it. */
const cutFromPcs: FaultEntry = {
  id: 'cutFromPcs',
  target: 'node',
  section: 'main',
  after: 'isolate',
  label: 'fault.cutFromPcs',
  icon: Landmark,
  shown: (context) => {
    const { cluster } = context.frame;
    return isAppointed(cluster) && attachedNodes(cluster).includes(subjectNode(context));
  },
  enabled: always,
  effect: (context) => {
    const to = nodesWith(context.frame, 'meta').filter((node) => node !== subjectNode(context));
    return act({ kind: 'cut', link: { from: [subjectNode(context)], to, isBothWays: true }, forUs: null });
  },
};

const addReader = (template: 'reader' | 'classic', after: string): readonly FaultEntry[] =>
  addEntries({
    id: template === 'reader' ? 'addReader' : 'addClassic',
    label: template === 'reader' ? 'fault.addReader' : 'fault.addClassic',
    template,
    after,
    does: template === 'reader' ? 'operation.addReader' : 'operation.addClassic',
    refusal: (cluster) =>
      readersOf(cluster).length < MAX_READERS
        ? null
        : { key: 'operation.readersMost', names: { count: MAX_READERS } },
    alike: readersOf,
  });

const canBeRemoved = (context: FaultContext): boolean => {
  const { cluster } = context.frame;
  const spec = cluster.nodes.find(({ id }) => id === subjectNode(context));
  // what holds replicas is drained instead
  const isDrainable = hasRole(context, 'store') || hasRole(context, 'chunk');
  return spec !== undefined && !isDrainable && templateOf(nodeKinds, cluster, spec) !== null;
};

/** PCS-79, PCS-100. */
const lifeOfReader: readonly FaultEntry[] = [
  ...addReader('reader', 'powerOn'),
  ...addReader('classic', 'addReader'),
  {
    id: 'removeNode',
    target: 'node',
    section: 'main',
    after: 'healNode',
    label: 'fault.removeNode',
    icon: Trash2,
    does: 'operation.removeNode',
    shown: canBeRemoved,
    enabled: always,
    effect: (context) => act({ kind: 'removeNode', node: subjectNode(context) }),
  },
];

export const readerFaults: readonly FaultEntry[] = [
  ...ofReader.map(
    (entry): FaultEntry => ({
      enabled: always,
      shown: isReader,
      ...entry,
      target: 'node',
      section: 'main',
      after: 'healNode',
    }),
  ),
  cutFromPcs,
  ...lifeOfReader,
];
