// What can be done to a zone, to the whole cluster, and the rare events that take several actions to bring about.

import {
  Archive,
  CirclePower,
  Dice1,
  Landmark,
  LayoutGrid,
  Link2,
  type LucideIcon,
  OctagonX,
  RotateCcw,
  Split,
  Timer,
  Workflow,
  ZapOff,
} from 'lucide-react';
import type { NodeId } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import type { MessageKey } from '../i18n/i18n.ts';
import { act, always, type FaultContext, type FaultEntry, open } from './entry.ts';

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

/** All that keep the cluster's metadata, or its backup: what goes on without them, and what does not. */
const outageOf = (role: 'meta' | 'objectStore', label: MessageKey, icon: LucideIcon): FaultEntry => {
  const keepers = ({ frame }: FaultContext): readonly NodeId[] =>
    frame.nodes.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);
  return {
    id: `powerOff.${role}`,
    target: 'world',
    section: 'main',
    label,
    icon,
    shown: (context) => keepers(context).length > 0,
    enabled: ({ frame }) =>
      frame.nodes.some(({ roles, status }) => roles.includes(role) && status !== 'down'),
    effect: (context) => act({ kind: 'powerOff', nodes: keepers(context), forUs: null }),
  };
};

/** Made of several actions, and not by one on the tape. */
const rare = (
  id: 'splitAskedHole' | 'lateHoleReply' | 'oldWriteAfterFence' | 'recordOnOneDisk',
  icon: FaultEntry['icon'],
  bringAbout: (lab: Lab) => Promise<void>,
): FaultEntry => ({
  id,
  target: 'world',
  section: 'rare',
  label: `fault.${id}`,
  icon,
  enabled: ({ frame }) =>
    frame.nodes.some(({ roles, status }) => roles.includes('compute') && status === 'up'),
  effect: () => ({ kind: 'run', run: (lab) => void bringAbout(lab) }),
});

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
  outageOf('meta', 'fault.outageMeta', Landmark),
  outageOf('objectStore', 'fault.outageObjectStore', Archive),
  ...powers('zone'),
  {
    id: 'autoArrange',
    target: 'world',
    section: 'main',
    label: 'map.autoArrange',
    icon: LayoutGrid,
    enabled: always,
    effect: () => ({
      kind: 'run',
      run: () => void import('../canvas/auto-arrange.ts').then(({ autoArrange }) => autoArrange()),
    }),
  },
  rare('splitAskedHole', Workflow, async (lab) => (await import('./rare-events.ts')).splitAskedHole(lab)),
  rare('lateHoleReply', Timer, async (lab) => (await import('./rare-reply.ts')).lateHoleReply(lab)),
  rare('oldWriteAfterFence', OctagonX, async (lab) =>
    (await import('./rare-writer.ts')).oldWriteAfterFence(lab),
  ),
  rare('recordOnOneDisk', Dice1, async (lab) => (await import('./rare-writer.ts')).recordOnOneDisk(lab)),
];
