// Faults of a zone and of the whole cluster.

import { CirclePower, LayoutGrid, Link2, RotateCcw, Split, ZapOff } from 'lucide-react';
import type { NodeId } from '../../base/ids.ts';
import { requestArrange } from '../../state/map-view.ts';
import { act, always, type FaultContext, type FaultEntry, open } from './entry.ts';
import '../../words/faults/faults.en.json';

const nodesOf = ({ frame, subject }: FaultContext): readonly NodeId[] =>
  frame.nodes.filter(({ zone }) => subject.kind !== 'zone' || zone === subject.id).map(({ id }) => id);
const some =
  (status: (status: string) => boolean) =>
  (context: FaultContext): boolean => {
    const ids = new Set<string>(nodesOf(context));
    return context.frame.nodes.some((node) => ids.has(node.id) && status(node.status));
  };
const down = (context: FaultContext): readonly NodeId[] => {
  const ids = new Set<string>(nodesOf(context));
  return context.frame.nodes.filter((node) => ids.has(node.id) && node.status === 'down').map(({ id }) => id);
};

const powers = (target: 'zone' | 'world'): readonly FaultEntry[] => [
  {
    id: `powerOff.${target}`,
    target,
    section: 'main',
    label: target === 'zone' ? 'fault.powerOffZone' : 'fault.powerOffAll',
    icon: target === 'zone' ? CirclePower : ZapOff,
    names: ({ subject }) => ({ zone: subject.kind === 'zone' ? subject.id : '' }),
    enabled: some((status) => status !== 'down'),
    effect: (context) => act({ kind: 'powerOff', nodes: nodesOf(context), forUs: null }),
  },
  {
    id: `powerOn.${target}`,
    target,
    section: 'main',
    label: target === 'zone' ? 'fault.powerOnZone' : 'fault.powerOnAll',
    icon: RotateCcw,
    names: ({ subject }) => ({ zone: subject.kind === 'zone' ? subject.id : '' }),
    enabled: some((status) => status === 'down'),
    effect: (context) => act({ kind: 'powerOn', nodes: down(context) }),
  },
];

export const worldFaults: readonly FaultEntry[] = [
  {
    id: 'healAll',
    target: 'world',
    section: 'main',
    label: 'fault.healAll',
    icon: Link2,
    key: 'H',
    enabled: always,
    effect: () => act({ kind: 'healAll' }),
  },
  {
    id: 'partition',
    target: 'world',
    section: 'main',
    label: 'fault.partition',
    icon: Split,
    key: 'P',
    enabled: always,
    effect: (context) => open({ kind: 'partition', side: context.selection }),
  },
  {
    id: 'isolateZone',
    target: 'zone',
    section: 'main',
    label: 'fault.isolateZone',
    icon: Split,
    names: ({ subject }) => ({ zone: subject.kind === 'zone' ? subject.id : '' }),
    enabled: (context) => nodesOf(context).length < context.frame.nodes.length,
    effect: (context) => act({ kind: 'isolate', nodes: nodesOf(context), forUs: null }),
  },
  ...powers('world'),
  ...powers('zone'),
  {
    id: 'autoArrange',
    target: 'world',
    section: 'main',
    label: 'map.autoArrange',
    icon: LayoutGrid,
    enabled: always,
    effect: () => ({ kind: 'run', run: requestArrange }),
  },
];
