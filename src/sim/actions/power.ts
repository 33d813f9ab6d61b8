// Tape actions on the power of nodes: crash and restart, with the survival of unsynced writes; a crash aimed at a protocol
// step; stop in good order; loss, snapshot and rollback of a whole disk.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { type Refusal, refusal } from '../../presets/refusals.ts';
import type { CrashMoments } from '../crash-points.ts';
import type { Fabric } from '../fabric-state.ts';
import { downParts } from '../fault-parts.ts';
import { armNode, commandNode, crashNode, everyNode, restartNode, stopNode } from '../node-commands.ts';
import type { CrashMode } from '../types.ts';
import { keptWrites, LONGEST_US, millis, oneOf, texts } from './args.ts';
import { defineAction } from './define.ts';

const crashModes: readonly CrashMode[] = ['drawn', 'loseAll', 'tornLast'];

const restart = (fabric: Fabric, { node }: { readonly node: NodeId }): boolean => restartNode(fabric, node);
const restartAll = (fabric: Fabric, { nodes }: { readonly nodes: readonly NodeId[] }): boolean =>
  everyNode(nodes, (id) => restartNode(fabric, id));

const isDown = (_: Fabric, { node }: { readonly node: NodeId }) => downParts([node]);

/**
 * READ-36: of compute nodes a reader comes back with an empty disk; the boot epochs of one that may write are part of its tokens. Where
 * every node stores and computes the metadata remembers them (PCS-120).
 */
const refuseWriter = (node: NodeId, { nodes, placement }: ClusterSpec): Refusal | null =>
  placement === undefined &&
  nodes.some(
    ({ id, roles, isReader, haPriority }) =>
      id === node && roles.includes('compute') && (isReader !== true || haPriority !== undefined),
  )
    ? refusal('writerDisk', { node })
    : null;

export const powerActions = ({ crashMoments }: CrashMoments) => ({
  /** The node loses power; of its unsynced writes some survive (drawn), none, or the last one torn. */
  crash: defineAction({
    target: 'node',
    args: { mode: oneOf(crashModes, 'drawn') },
    isFault: true,
    undo: 'restart',
    parts: isDown,
    do: (fabric, { node, mode }) => crashNode(fabric, node, mode),
    end: restart,
  }),
  /** A node that is down starts from its disk. */
  restart: defineAction({ target: 'node', do: restart }),
  /** Of the writes not yet durable, those to these keys are lost; the others survive. */
  crashLosing: defineAction({
    target: 'node',
    args: { keys: texts(false) },
    isFault: true,
    undo: 'restart',
    parts: isDown,
    check: ({ keys }) => (keys.includes(null) ? refusal('keyNoText') : null),
    do: (fabric, { node, keys }) => crashNode(fabric, node, { losing: keys.filter((key) => key !== null) }),
    end: restart,
  }),
  /** Of the writes not yet durable these survive, by kinds of keys or as a beginning; the others are lost. */
  crashKeeping: defineAction({
    target: 'node',
    args: { kept: keptWrites },
    isFault: true,
    undo: 'restart',
    parts: isDown,
    do: (fabric, { node, kept }) => crashNode(fabric, node, { keeping: kept }),
    end: restart,
  }),
  /** The power goes off the next time the node does this, once. */
  crashOn: defineAction({
    target: 'node',
    args: { when: oneOf(['before', 'after'], ''), moment: oneOf(crashMoments, '') },
    isFault: true,
    do: (fabric, { at, node, when, moment }) =>
      armNode(fabric, node, { at, kind: 'crashOn', node, when, moment }),
  }),
  /** The node goes down and its disk is replaced by an empty one (F24). */
  wipeDisk: defineAction({
    target: 'store',
    alsoFor: ['objectStore', 'meta', 'compute'],
    isFault: true,
    undo: 'restart',
    parts: isDown,
    check: ({ node }, cluster) => refuseWriter(node, cluster),
    do: (fabric, { node }) => crashNode(fabric, node, 'wiped'),
    end: restart,
  }),
  /** What the disk holds durably now is kept beside it, as the image that `rollbackDisk` goes back to. */
  snapshotDisk: defineAction({
    target: 'store',
    alsoFor: ['meta'],
    do: (fabric, { node }) => commandNode(fabric, node, { kind: 'snapshotDisk' }),
  }),
  /** The node goes down and its disk is put back to its snapshot (F24); without one it stays as it is. */
  rollbackDisk: defineAction({
    target: 'store',
    alsoFor: ['meta'],
    isFault: true,
    undo: 'restart',
    parts: isDown,
    do: (fabric, { node }) => crashNode(fabric, node, 'rolledBack'),
    end: restart,
  }),
  /** Takes an aimed crash back. */
  disarm: defineAction({ target: 'node', do: (fabric, { node }) => armNode(fabric, node, null) }),
  /** The disk forgets what it has not made durable: all that waits there ends at once, with an error. */
  dropBuffer: defineAction({
    target: 'node',
    isFault: true,
    do: (fabric, { node }) => commandNode(fabric, node, { kind: 'dropBuffer' }),
  }),
  /** All these nodes lose power at once. */
  powerOff: defineAction({
    target: 'nodes',
    isFault: true,
    undo: 'powerOn',
    parts: (_, { nodes }) => downParts(nodes),
    do: (fabric, { nodes }) => everyNode(nodes, (id) => crashNode(fabric, id, 'drawn')),
    end: restartAll,
  }),
  /** All these nodes start from their disks. */
  powerOn: defineAction({ target: 'nodes', do: restartAll }),
  /** Asked to end in good order; its power goes off `graceUs` later, and `forUs` after that it is back. */
  stop: defineAction({
    target: 'node',
    args: { graceUs: millis(1, LONGEST_US, 20_000) },
    undo: 'restart',
    do: (fabric, { node, graceUs }) => stopNode(fabric, node, graceUs),
    delayUs: ({ graceUs }) => graceUs,
    end: restart,
  }),
});
