// Tape actions of the replicated log store: no-op records and page reads at the writer, hole repair at a store, members
// and archivers of groups, restore of a volume to a point of its archive.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { nextBetween, nextChance } from '../../base/prng.ts';
import { haGroupOf, isAppointed, readersOf, spareAttachmentsOf } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { RestorePoint } from '../../core/kernel/commands.ts';
import type { Params } from '../../core/kernel/params.ts';
import { objectStoreOf } from '../../core/object-store/backed-up.ts';
import { type Refusal, refusal } from '../../presets/refusals.ts';
import { type Arg, atVolume, count, group, storeArg, text, volume } from '../../sim/actions/args.ts';
import { defineAction } from '../../sim/actions/define.ts';
import { pick, refuseStore } from '../../sim/actions/targets.ts';
import type { Fabric } from '../../sim/fabric-state.ts';
import { settingParts } from '../../sim/fault-parts.ts';
import { commandAgent, commandDriver, commandMetadata, setNode } from '../../sim/node-commands.ts';
import type { NodeKinds } from '../../sim/node-templates.ts';
import { LONGEST_RUN_US } from '../../sim/tape-limits.ts';
import {
  badLine,
  expectWord,
  MAX_INTEGER,
  printMs,
  takeInteger,
  takeMs,
  takeName,
  takeWord,
} from '../../sim/tape-tokens.ts';

declare module '../../sim/actions/define.ts' {
  interface StackActions {
    readonly cynosdb: typeof cynosdbActions;
  }
}

/** Where groups are made while the cluster runs, who is asked says whether there is such a one. */
const checkGroup = (id: GroupId | null, { groups, placement }: ClusterSpec): Refusal | null =>
  id === null || placement !== undefined || groups.some((known) => known.id === id)
    ? null
    : refusal('noGroupHere', { found: id, known: groups.map((known) => known.id) });

/** PCS-106 needs a metadata that has several nodes. */
const checkPcs = (_: object, cluster: ClusterSpec, __: Params, { nodesFor }: NodeKinds): Refusal | null =>
  nodesFor('pcs', cluster).length > 1 ? null : refusal('oneMetadata', { preset: cluster.preset });

const checkMember = (id: NodeId, cluster: ClusterSpec): Refusal | null =>
  haGroupOf(cluster).some(({ node }) => node === id) ||
  (isAppointed(cluster) && readersOf(cluster).includes(id))
    ? null
    : refusal('notInHa', { node: id, preset: cluster.preset });

/** Longest pattern of groups; beyond it the text is not one. */
const MAX_PATTERN = 10_000;

/** `g1*3 g2` → g1 g1 g1 g2. Empty: the volume's first group. A text that is no pattern gives none. */
function groupPattern(pattern: string): readonly GroupId[] {
  const groups: GroupId[] = [];
  for (const word of pattern.split(' ')) {
    if (word === '') continue;
    const found = /^([A-Za-z0-9-]+)(?:\*([0-9]{1,5}))?$/.exec(word);
    const times = Number(found?.[2] ?? 1);
    if (found === null || times === 0 || groups.length + times > MAX_PATTERN) return [];
    for (let i = 0; i < times; i++) groups.push(found[1] as GroupId);
  }
  return groups;
}

function checkPattern(pattern: string, cluster: ClusterSpec): Refusal | null {
  const groups = groupPattern(pattern);
  if (pattern.trim() !== '' && groups.length === 0) return refusal('groupPattern', { found: pattern });
  return groups.map((id) => checkGroup(id, cluster)).find((error) => error !== null) ?? null;
}

/** An LSN, a page's key. */
const wholeNumber = count(0, Number.MAX_SAFE_INTEGER, 0);
const onPage = { volume: atVolume, blockKey: wholeNumber };

interface OnPage {
  readonly node: NodeId;
  readonly volume: string;
  readonly blockKey: number;
}
const unpin = (fabric: Fabric, { node, volume, blockKey }: OnPage): boolean =>
  commandAgent(fabric, node, { kind: 'unpinPage', volume, blockKey });

const readerArg: Arg<NodeId> = {
  read: (words) => takeName(words, 'node') as NodeId,
  print: (value) => value,
  draw: (prng, cluster) =>
    pick(
      prng,
      cluster.nodes.filter(({ roles }) => roles.includes('compute')),
    )?.id,
};

interface OnReplica {
  readonly node: NodeId;
  readonly group: GroupId | null;
}
/** Each group whose repair is paused is a setting of the store. */
const pausedNames = ({ cluster }: Fabric, { group: of }: OnReplica): readonly string[] =>
  (of === null ? cluster.groups.map(({ id }) => id) : [of]).map((id) => `holes ${id}`);
const setRepair = (fabric: Fabric, replica: OnReplica, isPaused: boolean): boolean =>
  setNode(
    fabric,
    replica.node,
    { kind: 'agent', command: { kind: 'pauseHoles', group: replica.group, isPaused } },
    Object.fromEntries(pausedNames(fabric, replica).map((name) => [name, isPaused])),
  );

const pointKinds = ['"lsn"', '"time"'];

/** `to lsn 1234`, `to time 20.500 ms`. */
const restorePoint: Arg<RestorePoint> = {
  read(words) {
    expectWord(words, 'to');
    const kind = takeWord(words, pointKinds);
    if (kind === 'lsn') return { kind, lsn: takeInteger(words, 'lsn', 0, MAX_INTEGER) };
    if (kind !== 'time') throw badLine('expected', { anyOf: pointKinds, found: kind });
    const at = takeMs(words, 'time', 0, LONGEST_RUN_US);
    expectWord(words, 'ms');
    return { kind, at };
  },
  print: (to) => (to.kind === 'lsn' ? `to lsn ${to.lsn}` : `to time ${printMs(to.at)} ms`),
  draw(prng) {
    const place = nextBetween(prng, 0, 20_000);
    return nextChance(prng, 1, 2) ? { kind: 'lsn', lsn: place } : { kind: 'time', at: place };
  },
};

/** WAL-45 needs an archive to restore from and a compute node to write what comes of it. */
function checkRestore(
  { nodesFor }: NodeKinds,
  source: string,
  restored: string,
  cluster: ClusterSpec,
): Refusal | null {
  if (nodesFor('objectStore', cluster).length === 0) return refusal('noObjectStore');
  if (!cluster.nodes.some((node) => spareAttachmentsOf(node) > 0) && nodesFor('spare', cluster).length === 0)
    return refusal('noSpareCompute');
  return source === restored ? refusal('sameVolume', { name: source }) : null;
}

export const cynosdbActions = {
  /** No-op records up to this LSN in one MTR (more when LAL is smaller); `groups`: names, in turn, `g1*7` seven times. */
  padTo: defineAction({
    target: 'writer',
    args: { volume: atVolume, upTo: count(0, 1_000_000_000, 100), groups: text('') },
    check: ({ groups }, cluster) => checkPattern(groups, cluster),
    do: (fabric, { node, volume, upTo, groups }) =>
      commandAgent(fabric, node, { kind: 'padTo', volume, upTo, groups: groupPattern(groups) }),
  }),
  /** The writer reads a page as of an older read point, to look at it. */
  readPage: defineAction({
    target: 'writer',
    args: { volume: atVolume, blockKey: wholeNumber, readPoint: wholeNumber },
    do: (fabric, { node, volume, blockKey, readPoint }) =>
      commandAgent(fabric, node, { kind: 'readPage', volume, blockKey, readPoint }),
  }),
  /** LI-47: the writer of a volume in files makes a checkpoint, whatever is dirty; a volume of log stores has none. */
  checkpoint: defineAction({
    target: 'writer',
    args: { volume: atVolume },
    check: (_, cluster) =>
      cluster.chunks === undefined ? refusal('noCheckpoint', { preset: cluster.preset }) : null,
    do: (fabric, { node, volume }) => commandAgent(fabric, node, { kind: 'checkpoint', volume }),
  }),
  /** The writer, or a reader of a shared disk, lets a page go from its buffer if it may (WAL-10, LI-54). */
  evictPage: defineAction({
    target: 'writer',
    args: onPage,
    do: (fabric, { node, volume, blockKey }) =>
      commandAgent(fabric, node, { kind: 'evictPage', volume, blockKey }),
  }),
  /** The writer keeps a page in its buffer. */
  pinPage: defineAction({
    target: 'writer',
    args: onPage,
    undo: 'unpinPage',
    do: (fabric, { node, volume, blockKey }) =>
      commandAgent(fabric, node, { kind: 'pinPage', volume, blockKey }),
    end: unpin,
  }),
  /** The writer keeps the page no more. */
  unpinPage: defineAction({ target: 'writer', args: onPage, do: unpin }),
  /** READ-28: the writer ends the session of a reader, whatever it still reads. */
  revokeReader: defineAction({
    target: 'writer',
    args: { volume: atVolume, reader: readerArg },
    check: ({ reader }, cluster) => {
      if (!readersOf(cluster).includes(reader))
        return refusal('noReaderOf', { node: reader, preset: cluster.preset });
      // LI-63
      return cluster.chunks === undefined ? null : refusal('slotNotSession', { node: reader });
    },
    do: (fabric, { node, volume, reader }) =>
      commandAgent(fabric, node, { kind: 'revokeReader', volume, reader }),
  }),
  /** To the metadata: the volume's writer hands over to this node of its HA group (FENCE-33). */
  switchover: defineAction({
    target: 'writer',
    args: { volume: atVolume },
    check: ({ node }, cluster) => checkMember(node, cluster),
    do: (fabric, { node: target, volume }) =>
      commandMetadata(fabric, { kind: 'switchover', volume: volume || fabric.cluster.volume, target }),
  }),
  /** To the metadata: this reader may be promoted from now on (FENCE-18). */
  moveToHa: defineAction({
    target: 'writer',
    args: { volume: atVolume, priority: count(0, 100, 1) },
    check: ({ node }, cluster) =>
      isAppointed(cluster) && readersOf(cluster).includes(node) ? null : refusal('notHaReader', { node }),
    do: (fabric, { node, volume, priority }) =>
      commandMetadata(fabric, {
        kind: 'moveToHa',
        volume: volume || fabric.cluster.volume,
        node,
        priority,
      }),
  }),
  /** The store’s replica of the group (null: every one) requests no hole. */
  pauseHoles: defineAction({
    target: 'store',
    args: { group },
    isFault: true,
    undo: 'resumeHoles',
    parts: (fabric, action) => settingParts(fabric, action.node, pausedNames(fabric, action)),
    check: (action, cluster) => checkGroup(action.group, cluster),
    do: (fabric, action) => setRepair(fabric, action, true),
    end: (fabric, action) => setRepair(fabric, action, false),
  }),
  /** The store’s replica of the group (null: every one) requests holes again. */
  resumeHoles: defineAction({
    target: 'store',
    args: { group },
    check: (action, cluster) => checkGroup(action.group, cluster),
    do: (fabric, action) => setRepair(fabric, action, false),
  }),
  /** To the metadata: the replica of a group (null: of every group) moves to another store; to its own: it is made anew. */
  moveReplica: defineAction({
    target: 'store',
    args: { to: storeArg, group },
    check: ({ group: of, to }, cluster, _, kinds) =>
      checkGroup(of, cluster) ?? refuseStore(kinds, to, cluster),
    do: (fabric, { node: from, to, group: of }) =>
      commandMetadata(fabric, { kind: 'moveReplica', group: of, from, to }),
  }),
  /** To the metadata: the node comes into its log under a new identity; one whose disk is not its own takes its old place. */
  addPcs: defineAction({
    target: 'pcs',
    check: checkPcs,
    do: (fabric, { node }) => commandMetadata(fabric, { kind: 'changePcs', node, want: 'in' }),
  }),
  /** To the metadata: the node is a member of its log no more; an addition that is under way is taken back. */
  removePcs: defineAction({
    target: 'pcs',
    check: checkPcs,
    do: (fabric, { node }) => commandMetadata(fabric, { kind: 'changePcs', node, want: 'out' }),
  }),
  /** PCS-27: to the metadata: the leader of its log hands over to this voter. */
  transferPcs: defineAction({
    target: 'pcs',
    check: checkPcs,
    do: (fabric, { node }) => commandMetadata(fabric, { kind: 'transferPcs', node }),
  }),
  /** To the metadata: this store archives the group (null: every one that is backed up) from now on. */
  nameArchiver: defineAction({
    target: 'store',
    args: { group },
    check: (action, cluster) =>
      objectStoreOf(cluster) === null
        ? refusal('notBackedUp', { preset: cluster.preset })
        : checkGroup(action.group, cluster),
    do: (fabric, { node: to, group: of }) => commandMetadata(fabric, { kind: 'nameArchiver', group: of, to }),
  }),
  /** To the metadata: the group's open membership change (null: every one) is taken back. */
  rollbackMove: defineAction({
    target: 'world',
    args: { group },
    check: (action, cluster) => checkGroup(action.group, cluster),
    do: (fabric, action) => commandMetadata(fabric, { kind: 'rollbackMove', group: action.group }),
  }),
  /** By a driver to the metadata: a new volume beside its source, as of a CPL or of the newest commit by a time (WAL-45). */
  restore: defineAction({
    target: 'world',
    args: { source: volume('', true), to: restorePoint, volume: volume('as') },
    check: (action, cluster, _, kinds) => checkRestore(kinds, action.source, action.volume, cluster),
    do: (fabric, action) => {
      const { source, to } = action;
      return commandDriver(fabric, { kind: 'restore', source, to, volume: action.volume });
    },
  }),
  /** By a driver to the metadata: the restore is given up, and what is loaded of it deleted. */
  cancelRestore: defineAction({
    target: 'world',
    args: { volume: volume('') },
    do: (fabric, action) => commandDriver(fabric, { kind: 'cancelRestore', volume: action.volume }),
  }),
  /** By a driver to the metadata: the restored volume is deleted, with all that it holds. */
  dropVolume: defineAction({
    target: 'world',
    args: { volume: volume('') },
    do: (fabric, action) => commandDriver(fabric, { kind: 'dropVolume', volume: action.volume }),
  }),
};
