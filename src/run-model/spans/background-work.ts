// Work that nodes do without a statement (PCS-94): where it begins and ends by its events, and which events on the way belong to it although
// nothing but a timer led to them. What has no entry here is a work by itself: what one input led to.

import type { TraceEvent, TraceKind } from '../../core/kernel/trace.ts';

export interface WorkKind {
  readonly name: string;
  readonly begins: TraceKind;
  readonly steps: readonly TraceKind[];
  /** Empty: it ends when all that it led to has ended. */
  readonly ends: readonly TraceKind[];
  /** What its events have in common, by their field. */
  readonly key: 'group' | 'volume' | 'node' | 'version' | 'term';
  /** Steps of other nodes are other works. */
  readonly isOneNode?: true;
}

const recovery = [
  'token.grant',
  'recovery.step',
  'recovery.computed',
  'attachment.mode',
  'meta.writer',
] as const satisfies readonly TraceKind[];

export const workKinds: readonly WorkKind[] = [
  {
    name: 'hole repair',
    begins: 'hole.open',
    steps: ['hole.sent', 'hole.timeout', 'hole.split', 'hole.answer', 'hole.fill'],
    ends: ['hole.closed'],
    key: 'group',
    isOneNode: true,
  },
  {
    name: 'scrub repair',
    begins: 'scrub.bad',
    steps: [],
    ends: ['scrub.repaired'],
    key: 'group',
    isOneNode: true,
  },
  {
    name: 'change of members',
    begins: 'group.move.begin',
    steps: [
      'group.members',
      'group.move.catchup',
      'member.install',
      'member.adopt',
      'member.dropped',
      'base.start',
      'base.chunk',
      'base.serve',
      'base.installed',
    ],
    ends: ['group.move.done'],
    key: 'group',
  },
  { name: 'failover', begins: 'ha.candidate', steps: recovery, ends: ['recovery.done'], key: 'volume' },
  { name: 'switchover', begins: 'ha.switch', steps: recovery, ends: ['recovery.done'], key: 'volume' },
  {
    name: 'election of a primary',
    begins: 'leader.lost',
    steps: recovery,
    ends: ['recovery.done'],
    key: 'volume',
  },
  { name: 'recovery', begins: 'token.grant', steps: recovery, ends: ['recovery.done'], key: 'volume' },
  {
    name: 'restore',
    begins: 'restore.begin',
    steps: ['restore.progress', 'restore.resume', 'restore.replica'],
    ends: ['restore.done', 'restore.failed', 'restore.cancelled'],
    key: 'volume',
  },
  {
    name: 'change of the PCS',
    begins: 'pcs.change.begin',
    steps: ['pcs.admitted'],
    ends: ['pcs.change.done'],
    key: 'node',
  },
  { name: 'election', begins: 'raft.candidate', steps: ['raft.vote'], ends: ['raft.leader'], key: 'term' },
  { name: 'configuration', begins: 'config.put', steps: ['config.applied'], ends: [], key: 'version' },
];

/** What is offered beside them: a work of its own each, by one event of it. */
const single = [
  'gc.drop',
  'archive.begin',
  'archive.segment',
  'archive.base',
  'archive.collected',
  'raft.snapshot',
  'agent.asked',
  'config.drift',
  'node.joined',
  'node.removed',
] as const satisfies readonly TraceKind[];

export const workBeginnings: readonly TraceKind[] = [...workKinds.map(({ begins }) => begins), ...single];

export const workBegunBy = (kind: TraceKind): WorkKind | null =>
  workKinds.find(({ begins }) => begins === kind) ?? null;

/** Its name on the screen and in exports. */
export const workName = (kind: TraceKind): string => workBegunBy(kind)?.name ?? kind;

export const keyOf = ({ key }: WorkKind, event: TraceEvent): string => {
  const value = (event as unknown as Readonly<Record<string, unknown>>)[key];
  return value === undefined ? '' : String(value);
};
