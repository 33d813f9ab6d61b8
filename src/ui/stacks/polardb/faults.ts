// What can be done to what a chunk server keeps of its blocks; servers that are added and drained (FS-77); and which messages go between which roles of PolarDB.

import { Bug, FileX2, LogOut, Plus, ShieldOff, Undo2 } from 'lucide-react';
import { templatesOf, zonesOf } from '../../../sim/node-templates.ts';
import { metadataIn } from '../../../state/role-views.ts';
import {
  act,
  type FaultContext,
  type FaultEntry,
  hasRole,
  isUp,
  oneWay,
  subjectNode,
} from '../../faults/entry.ts';
import { newNodeName } from '../../faults/new-node.ts';
import type { Route } from '../stack-tables.ts';
import './fault-texts.ts';

type ChunkEntry = Pick<FaultEntry, 'id' | 'label' | 'icon' | 'effect'>;

const keepsBlocks = (context: FaultContext): boolean => hasRole(context, 'chunk');

/** Where it keeps the blocks, or the log, of the first chunk, whose superblock and journal are the file system's own. */
function storedPrefix(context: FaultContext, what: 'block' | 'log'): string {
  const node = context.frame.nodes.find(({ id }) => id === subjectNode(context));
  const own = node?.view?.roles.flatMap((role) => (role.role === 'chunk' ? role.chunks : []));
  const laidOut = context.frame.cluster.chunks?.find(({ replicas }) =>
    replicas.includes(subjectNode(context)),
  );
  const chunk = own === undefined ? laidOut?.id : own.map(({ group }) => group).toSorted()[0];
  return chunk === undefined ? '' : `chunk/${chunk}/${what === 'block' ? 'block/' : ''}`;
}

const blocks: readonly ChunkEntry[] = [
  {
    id: 'bitRotBlock',
    label: 'fault.bitRotBlock',
    icon: Bug,
    effect: (context) =>
      act({ kind: 'bitRot', node: subjectNode(context), prefix: storedPrefix(context, 'block'), pick: null }),
  },
  {
    id: 'readErrorBlock',
    label: 'fault.readErrorBlock',
    icon: FileX2,
    effect: (context) =>
      act({
        kind: 'diskReadError',
        node: subjectNode(context),
        prefix: storedPrefix(context, 'block'),
        pick: null,
      }),
  },
  {
    id: 'loseChunkWrite',
    label: 'fault.loseChunkWrite',
    icon: FileX2,
    effect: (context) =>
      act({ kind: 'diskLoseWrite', node: subjectNode(context), prefix: storedPrefix(context, 'log') }),
  },
];

/** The writer goes on and its readers are slow in turn: each is longer silent than its lease. */
const SILENT_US = 200_000;

const writerOf = ({ frame }: FaultContext) =>
  frame.nodes.find(({ view }) => view?.roles.some((role) => role.role === 'compute' && role.mode === 'rw'))
    ?.id;

const PREFIX = 'cs-';
const TEMPLATE = 'chunk';

/** Of the zone that was chosen; of none, that with the fewest chunk servers. */
function zoneFor({ subject, frame: { cluster } }: FaultContext): string {
  if (subject.kind === 'zone') return subject.id;
  const inZone = (zone: string): number =>
    cluster.nodes.filter((node) => node.zone === zone && node.roles.includes('chunk')).length;
  return zonesOf(cluster).toSorted((a, b) => inZone(a) - inZone(b) || (a < b ? -1 : 1))[0] ?? '';
}

/** FS-77. */
const addServer = (target: 'zone' | 'world'): FaultEntry => ({
  id: `addServer.${target}`,
  target,
  section: 'main',
  after: `powerOn.${target}`,
  label: 'fault.addServer',
  icon: Plus,
  names: (context) => ({ node: newNodeName(context, PREFIX) }),
  shown: ({ frame: { cluster } }) => cluster.chunks !== undefined,
  enabled: ({ frame: { cluster } }) => templatesOf(cluster)[TEMPLATE]?.refuse(cluster) === null,
  effect: (context) =>
    act({
      kind: 'addNode',
      added: newNodeName(context, PREFIX),
      template: TEMPLATE,
      zone: zoneFor(context),
    }),
});

const isDrained = (context: FaultContext): boolean =>
  metadataIn(context.frame)?.chunks?.offline.includes(subjectNode(context)) ?? false;

/** PCS-79, PCS-80: as many others as a chunk has replicas. */
const ofServer = (kind: 'offline' | 'cancelOffline'): FaultEntry => ({
  id: kind === 'offline' ? 'drainServer' : 'keepServer',
  target: 'node',
  section: 'main',
  after: 'healNode',
  label: kind === 'offline' ? 'fault.drainServer' : 'fault.keepServer',
  icon: kind === 'offline' ? LogOut : Undo2,
  shown: (context) => keepsBlocks(context) && isDrained(context) === (kind === 'cancelOffline'),
  enabled(context) {
    const { cluster, nodes } = context.frame;
    const others = nodes.filter(
      ({ id, roles, status }) => id !== subjectNode(context) && roles.includes('chunk') && status === 'up',
    );
    return kind === 'cancelOffline' || others.length >= (cluster.chunks?.[0]?.replicas.length ?? 0);
  },
  effect: (context) => act({ kind, node: subjectNode(context) }),
});

export const sharedFaults: readonly FaultEntry[] = [
  addServer('zone'),
  addServer('world'),
  ofServer('offline'),
  ofServer('cancelOffline'),
  ...blocks.map(
    (entry): FaultEntry => ({
      ...entry,
      target: 'node',
      section: 'disk',
      after: 'diskDropBuffer',
      shown: keepsBlocks,
      enabled: isUp,
    }),
  ),
  {
    id: 'loseSlot',
    target: 'node',
    section: 'main',
    after: 'healNode',
    label: 'fault.loseSlot',
    icon: ShieldOff,
    shown: (context) =>
      context.frame.cluster.chunks !== undefined &&
      context.frame.cluster.nodes.some(
        ({ id, isReader }) => id === subjectNode(context) && isReader === true,
      ),
    enabled: (context) => writerOf(context) !== undefined,
    effect: (context) => {
      const writer = writerOf(context) ?? subjectNode(context);
      return act({ kind: 'cut', link: oneWay(subjectNode(context), writer), forUs: SILENT_US });
    },
  },
];

export const routes: readonly Route[] = [
  ['compute', 'chunk', ['wal', 'pageRead', 'fence']],
  ['chunk', 'compute', ['ack', 'pageReply']],
  ['chunk', 'chunk', ['control', 'holeRequest', 'holeFill']],
];
