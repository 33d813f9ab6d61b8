// What an operator does with the configuration and the agents (docs/spec/agents.md PCS-90 to PCS-92, PCS-99), and what makes a node drift: a
// person's hand on its copy. An older disk is offered with the disks, a lost push with links and messages.

import { Ban, Bug, ClipboardList, FilePen, Gauge, LogOut, ScanText, SlidersHorizontal } from 'lucide-react';
import type { AskedCommand } from '../../../core/kernel/commands.ts';
import { nodesWith, viewsIn } from '../../../state/role-views.ts';
import { act, type FaultContext, type FaultEntry, hasRole, isUp, subjectNode } from '../../faults/entry.ts';
import '../../../words/cynosdb/agent.en.json';

const KEY = 'scrubEveryMs';
/** Pushed in turn, so that each push changes something. */
const VALUES = ['7', '40'] as const;

/** The newest version that a node of the metadata has; 0: nothing was ever set. */
const versionIn = ({ frame }: FaultContext): number =>
  Math.max(0, ...viewsIn(frame, 'meta').map(({ view }) => view.configVersion ?? 0));

const hasMetadata = ({ frame }: FaultContext): boolean => nodesWith(frame, 'meta').length > 0;
const nextValue = (context: FaultContext): string => VALUES[versionIn(context) % 2] ?? VALUES[0];

const put = (value: string) => act({ kind: 'putConfig', scope: 'global', key: KEY, value, expect: null });

const askEntry = (
  id: string,
  label: FaultEntry['label'],
  icon: FaultEntry['icon'],
  command: AskedCommand,
  shown: (context: FaultContext) => boolean = hasMetadata,
): FaultEntry => ({
  id,
  target: 'node',
  section: 'main',
  label,
  icon,
  shown,
  enabled: isUp,
  effect: (context) => act({ kind: 'ask', nodes: [subjectNode(context)], command }),
});

export const agentFaults: readonly FaultEntry[] = [
  {
    id: 'config.push',
    target: 'world',
    section: 'rare',
    label: 'fault.config.push',
    icon: SlidersHorizontal,
    shown: hasMetadata,
    names: (context) => ({ key: KEY, value: nextValue(context) }),
    enabled: hasMetadata,
    effect: (context) => put(nextValue(context)),
  },
  {
    id: 'config.bad',
    target: 'world',
    section: 'rare',
    label: 'fault.config.bad',
    icon: Ban,
    shown: hasMetadata,
    names: () => ({ key: KEY }),
    enabled: hasMetadata,
    effect: () => put('0'),
  },
  {
    id: 'config.edit',
    target: 'node',
    section: 'disk',
    label: 'fault.config.edit',
    icon: FilePen,
    shown: hasMetadata,
    enabled: (context) => isUp(context) && versionIn(context) > 0,
    effect: (context) => act({ kind: 'editConfig', node: subjectNode(context), key: KEY, value: '900' }),
  },
  askEntry('config.read', 'fault.config.read', ScanText, { kind: 'getConfig' }),
  askEntry('config.debug', 'fault.config.debug', Bug, {
    kind: 'setLogLevel',
    module: 'agent',
    level: 'DEBUG',
  }),
  askEntry('agent.metrics', 'fault.agent.metrics', Gauge, { kind: 'getMetrics' }),
  askEntry('agent.dump', 'fault.agent.dump', ClipboardList, { kind: 'dump' }),
  askEntry(
    'agent.drain',
    'fault.agent.drain',
    LogOut,
    { kind: 'drain' },
    (context) => hasRole(context, 'driver') && hasMetadata(context),
  ),
];
