// What can be done to what a chunk server keeps of its blocks; servers that are added (FS-77); readers that are silent, or do
// not follow the journal of the file system (FS-62); rare events of that journal; and which messages go between which roles of PolarDB.

import {
  Bug,
  FileX2,
  Link2Off,
  LogOut,
  NotebookPen,
  RefreshCw,
  RefreshCwOff,
  Save,
  ShieldOff,
} from 'lucide-react';
import { type NodeId, nodeId } from '../../../base/ids.ts';
import type { NodeFrame } from '../../../run-model/picture/frame.ts';
import type { LinkTarget } from '../../../sim/actions/define.ts';
import { nodesWith } from '../../../state/role-views.ts';
import {
  act,
  always,
  type FaultContext,
  type FaultEntry,
  hasRole,
  isUp,
  oneWay,
  subjectNode,
} from '../../faults/entry.ts';
import { addEntries } from '../../faults/new-node.ts';
import type { Route } from '../stack-tables.ts';
import '../../../words/polardb/fault.en.json';

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
    does: 'operation.addServer',
    after: 'powerOn',
    alike: ({ nodes }) => nodes.filter(({ roles }) => roles.includes('chunk')).map(({ id }) => id),
  }),
];

const isReader = (context: FaultContext): boolean => {
  const { chunks, nodes } = context.frame.cluster;
  return (
    chunks !== undefined &&
    nodes.some(({ id, isReader: reads }) => id === subjectNode(context) && reads === true)
  );
};

/** Both ways between a reader and every chunk server: each call of a reader polls the leader record first (FS-64). */
const toDevice = (context: FaultContext): LinkTarget => ({
  from: [subjectNode(context)],
  to: nodesWith(context.frame.cluster, 'chunk'),
  isBothWays: true,
});

const isSyncStopped = (context: FaultContext): boolean => {
  const { from, to } = toDevice(context);
  const cut = context.frame.links.filter((link) => link.cut && from.some((id) => id === link.from));
  return to.every((server) => cut.some((link) => link.to === server));
};

/** FS-62 to FS-65: a reader stays behind in the journal, and is with the writer still. */
const syncEntries: readonly FaultEntry[] = [
  {
    id: 'stopSync',
    target: 'node',
    section: 'main',
    after: 'healNode',
    label: 'fault.stopSync',
    icon: RefreshCwOff,
    shown: (context) => isReader(context) && !isSyncStopped(context),
    enabled: isUp,
    effect: (context) => act({ kind: 'cut', link: toDevice(context), forUs: null }),
  },
  {
    id: 'allowSync',
    target: 'node',
    section: 'main',
    after: 'healNode',
    label: 'fault.allowSync',
    icon: RefreshCw,
    shown: (context) => isReader(context) && isSyncStopped(context),
    enabled: always,
    effect: (context) => act({ kind: 'heal', link: toDevice(context) }),
  },
];

/** Made of several actions, and not by one on the tape. */
const rareEntries: readonly FaultEntry[] = (
  [
    ['journalFull', NotebookPen],
    ['tornLeaderRecord', Link2Off],
  ] as const
).map(([id, icon]) => ({
  id,
  target: 'world',
  section: 'rare',
  label: `fault.${id}`,
  icon,
  shown: ({ frame: { cluster } }) => cluster.chunks !== undefined,
  enabled: (context) => writerOf(context) !== undefined,
  effect: () => ({
    kind: 'run',
    run: (lab) => void import('./rare-files.ts').then((events) => events[id](lab)),
  }),
}));

const isWriter = (context: FaultContext): boolean =>
  context.frame.cluster.chunks !== undefined && writerOf(context) === subjectNode(context);

/** Nodes of a shared disk that have a buffer, the writer first. */
const buffersOf = ({ frame: { cluster, nodes } }: FaultContext): readonly NodeFrame[] =>
  cluster.chunks === undefined
    ? []
    : nodes
        .filter(({ view }) => view?.roles.some((role) => role.role === 'compute') === true)
        .toSorted((a, b) => Number(isReadOnly(a)) - Number(isReadOnly(b)));
const isReadOnly = ({ view }: NodeFrame): boolean =>
  view?.roles.some((role) => role.role === 'compute' && role.mode === 'ro') === true;

/** LI-47, LI-54: what an operator may ask of a volume in files; who is asked says why where it cannot be. */
const orders: readonly FaultEntry[] = [
  {
    id: 'checkpoint',
    target: 'node',
    section: 'main',
    after: 'healNode',
    label: 'fault.checkpoint',
    icon: Save,
    shown: isWriter,
    enabled: isUp,
    effect: (context) => act({ kind: 'checkpoint', node: subjectNode(context), volume: '' }),
  },
  // One for each node that may have the page: a menu names them.
  ...[0, 1, 2].map((at): FaultEntry => {
    const nodeOf = (context: FaultContext): NodeId => buffersOf(context)[at]?.id ?? nodeId('');
    return {
      id: `page.evictFrom${at}`,
      target: 'page',
      section: 'main',
      label: 'fault.evictFrom',
      icon: LogOut,
      names: (context) => ({ node: nodeOf(context) }),
      shown: (context) => nodeOf(context) !== '',
      enabled: (context) => buffersOf(context)[at]?.status === 'up',
      effect: (context) =>
        act({
          kind: 'evictPage',
          node: nodeOf(context),
          volume: '',
          blockKey: context.subject.kind === 'page' ? context.subject.blockKey : 0,
        }),
    };
  }),
];

export const sharedFaults: readonly FaultEntry[] = [
  ...orders,
  ...serverEntries,
  ...syncEntries,
  ...rareEntries,
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
    shown: isReader,
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
