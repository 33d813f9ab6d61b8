// What can be done to what a store keeps of its log and pages on disk, and to a store as a whole.

import { Bug, FileX2, Power } from 'lucide-react';
import { act, type FaultContext, type FaultEntry, isUp, statusOf, subjectNode } from '../../faults/entry.ts';

type StoreEntry = Omit<FaultEntry, 'target' | 'section' | 'after'>;

/** Where a store keeps what it has of its first group; empty for other nodes. */
function storedPrefix(context: FaultContext, what: 'log' | 'page'): string {
  const { cluster } = context.frame;
  const group = cluster.groups.find(({ replicas }) => replicas.includes(subjectNode(context)));
  return group === undefined ? '' : `store/${group.id}/${what}/`;
}
const storesLog = (context: FaultContext): boolean => storedPrefix(context, 'log') !== '';

const disk: readonly StoreEntry[] = [
  ...(['log', 'page'] as const).map(
    (what): StoreEntry => ({
      id: what === 'log' ? 'bitRot' : 'bitRotPage',
      label: what === 'log' ? 'fault.bitRot' : 'fault.bitRotPage',
      icon: Bug,
      shown: storesLog,
      enabled: isUp,
      effect: (context) =>
        act({ kind: 'bitRot', node: subjectNode(context), prefix: storedPrefix(context, what), pick: null }),
    }),
  ),
  {
    id: 'loseWrite',
    label: 'fault.loseWrite',
    icon: FileX2,
    shown: storesLog,
    enabled: isUp,
    effect: (context) =>
      act({ kind: 'diskLoseWrite', node: subjectNode(context), prefix: storedPrefix(context, 'log') }),
  },
  {
    id: 'misdirect',
    label: 'fault.misdirect',
    icon: FileX2,
    shown: storesLog,
    enabled: isUp,
    effect: (context) =>
      act({ kind: 'diskMisdirect', node: subjectNode(context), prefix: storedPrefix(context, 'log') }),
  },
  {
    id: 'readError',
    label: 'fault.readError',
    icon: FileX2,
    shown: storesLog,
    enabled: isUp,
    effect: (context) =>
      act({
        kind: 'diskReadError',
        node: subjectNode(context),
        prefix: storedPrefix(context, 'log'),
        pick: null,
      }),
  },
];

export const storeFaults: readonly FaultEntry[] = [
  {
    id: 'stop',
    target: 'node',
    after: 'powerOffSelection',
    section: 'power',
    label: 'fault.stop',
    icon: Power,
    shown: storesLog,
    enabled: (context) => statusOf(context) === 'up',
    effect: (context) => act({ kind: 'stop', node: subjectNode(context), graceUs: 20_000, forUs: null }),
  },
  ...disk.map(
    (entry): FaultEntry => ({ ...entry, target: 'node', section: 'disk', after: 'diskDropBuffer' }),
  ),
];
