// What can be done to what a chunk server keeps of its blocks; servers that are added and drained (FS-77); and which messages go between which roles of PolarDB.

import { Bug, FileX2, ShieldOff } from 'lucide-react';
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
import { addEntries, drainEntries } from '../../faults/new-node.ts';
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

/** FS-77. */
const serverEntries: readonly FaultEntry[] = [
  ...addEntries({
    id: 'addServer',
    label: 'fault.addServer',
    template: 'chunk',
    after: 'powerOn',
    shown: ({ chunks }) => chunks !== undefined,
    alike: ({ nodes }) => nodes.filter(({ roles }) => roles.includes('chunk')).map(({ id }) => id),
  }),
  ...drainEntries({
    ids: { offline: 'drainServer', cancelOffline: 'keepServer' },
    labels: { offline: 'fault.drainServer', cancelOffline: 'fault.keepServer' },
    shown: keepsBlocks,
    isDrained: (context) =>
      metadataIn(context.frame)?.chunks?.offline.includes(subjectNode(context)) ?? false,
    // as many others as a chunk has replicas
    mayLeave(context) {
      const { cluster, nodes } = context.frame;
      const others = nodes.filter(
        ({ id, roles, status }) => id !== subjectNode(context) && roles.includes('chunk') && status === 'up',
      );
      return others.length >= (cluster.chunks?.[0]?.replicas.length ?? 0);
    },
  }),
];

export const sharedFaults: readonly FaultEntry[] = [
  ...serverEntries,
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
