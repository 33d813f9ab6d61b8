// What can be done to a reader by a click: its journal held back, released or cut, its session revoked (READ-9, READ-28).

import { Hand, Package, Scissors, UserX } from 'lucide-react';
import type { NodeId } from '../../../base/ids.ts';
import { readersOf } from '../../../core/kernel/seats.ts';
import { writerOf } from '../../../state/role-views.ts';
import { act, always, type FaultContext, type FaultEntry, oneWay, subjectNode } from '../../faults/entry.ts';
import './fault-texts.ts';

type ReaderFault = Pick<FaultEntry, 'id' | 'label' | 'icon' | 'effect'> &
  Partial<Pick<FaultEntry, 'enabled'>>;

export const isReader = (context: FaultContext): boolean =>
  readersOf(context.frame.cluster).includes(subjectNode(context));

const writerIn = ({ frame }: FaultContext): NodeId => writerOf(frame) ?? ('' as NodeId);
/** The direction in which its journal comes. */
const journalOf = (context: FaultContext) => oneWay(writerIn(context), subjectNode(context));

const isHeld = (context: FaultContext): boolean =>
  context.frame.links.some(
    ({ from, to, held }) => held && from === writerIn(context) && to === subjectNode(context),
  );

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
    effect: (context) =>
      act({ kind: 'revokeReader', node: writerIn(context), volume: '', reader: subjectNode(context) }),
  },
];

export const readerFaults: readonly FaultEntry[] = ofReader.map((entry) => ({
  enabled: always,
  ...entry,
  target: 'node',
  section: 'main',
  after: 'healNode',
  shown: isReader,
}));
