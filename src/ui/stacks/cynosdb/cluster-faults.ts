// Outages of those who keep the metadata or the backup, and rare events that take several actions to bring about.

import { Archive, Dice1, Landmark, type LucideIcon, OctagonX, Swords, Timer, Workflow } from 'lucide-react';
import type { NodeId } from '../../../base/ids.ts';
import { haGroupOf } from '../../../core/kernel/attachments.ts';
import type { Lab } from '../../../lab/api.ts';
import { isWriterNode, nodesWith } from '../../../state/role-views.ts';
import { act, type FaultContext, type FaultEntry } from '../../faults/entry.ts';
import type { MessageKey } from '../../i18n/i18n.ts';

/** All that keep the cluster's metadata, or its backup: what goes on without them, and what does not. */
const outageOf = (role: 'meta' | 'objectStore', label: MessageKey, icon: LucideIcon): FaultEntry => {
  const keepers = ({ frame }: FaultContext): readonly NodeId[] => nodesWith(frame, role);
  return {
    id: `powerOff.${role}`,
    target: 'world',
    after: 'powerOn.world',
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
  id: 'splitAskedHole' | 'lateHoleReply' | 'oldWriteAfterFence' | 'recordOnOneDisk' | 'twoPromotions',
  icon: FaultEntry['icon'],
  bringAbout: (lab: Lab) => Promise<void>,
): FaultEntry => ({
  id,
  target: 'world',
  section: 'rare',
  label: `fault.${id}`,
  icon,
  shown: ({ frame: { cluster } }) => cluster.groups.length > 0,
  enabled: ({ frame }) => frame.nodes.some((node) => isWriterNode(node) && node.status === 'up'),
  effect: () => ({ kind: 'run', run: (lab) => void bringAbout(lab) }),
});

export const clusterFaults: readonly FaultEntry[] = [
  outageOf('meta', 'fault.outageMeta', Landmark),
  outageOf('objectStore', 'fault.outageObjectStore', Archive),
  rare('splitAskedHole', Workflow, async (lab) => (await import('./rare-events.ts')).splitAskedHole(lab)),
  rare('lateHoleReply', Timer, async (lab) => (await import('./rare-reply.ts')).lateHoleReply(lab)),
  rare('oldWriteAfterFence', OctagonX, async (lab) =>
    (await import('./rare-writer.ts')).oldWriteAfterFence(lab),
  ),
  rare('recordOnOneDisk', Dice1, async (lab) => (await import('./rare-writer.ts')).recordOnOneDisk(lab)),
  {
    ...rare('twoPromotions', Swords, async (lab) =>
      (await import('./rare-promotions.ts')).twoPromotions(lab),
    ),
    shown: ({ frame: { cluster } }) => cluster.groups.length > 0 && haGroupOf(cluster).length > 1,
  },
];
