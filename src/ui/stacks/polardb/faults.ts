// What can be done to what a chunk server keeps of its blocks, and which messages go between which roles of PolarDB.

import { Bug, FileX2, ShieldOff } from 'lucide-react';
import {
  act,
  type FaultContext,
  type FaultEntry,
  hasRole,
  isUp,
  oneWay,
  subjectNode,
} from '../../faults/entry.ts';
import type { Route } from '../stack-tables.ts';
import './fault-texts.ts';

type ChunkEntry = Pick<FaultEntry, 'id' | 'label' | 'icon' | 'effect'>;

const keepsBlocks = (context: FaultContext): boolean => hasRole(context, 'chunk');

/** Where it keeps the blocks, or the log, of the first chunk, whose superblock and journal are the file system's own. */
function storedPrefix(context: FaultContext, what: 'block' | 'log'): string {
  const chunk = context.frame.cluster.chunks?.find(({ replicas }) => replicas.includes(subjectNode(context)));
  return chunk === undefined ? '' : `chunk/${chunk.id}/${what === 'block' ? 'block/' : ''}`;
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

export const sharedFaults: readonly FaultEntry[] = [
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
