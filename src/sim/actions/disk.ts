// Tape actions on a node's disk: slow, stalled, full and failing devices, bit rot, unreadable values, lost and misdirected
// writes.

import type { NodeId } from '../../base/ids.ts';
import { makePrng, nextUint32 } from '../../base/prng.ts';
import type { Fabric } from '../fabric-state.ts';
import { settingParts } from '../fault-parts.ts';
import { commandNode, setNode } from '../node-commands.ts';
import { type DiskFaults, noDiskFaults } from '../types.ts';
import { count, keyPrefix, optional, percent } from './args.ts';
import { defineAction } from './define.ts';

/** Name of a disk fault among a node's settings. */
const settingOf = (name: keyof DiskFaults): string => `disk ${name}`;

const setFaults = (fabric: Fabric, node: NodeId, faults: Partial<DiskFaults>): boolean => {
  const names = Object.keys(noDiskFaults) as (keyof DiskFaults)[];
  return setNode(
    fabric,
    node,
    { kind: 'diskFaults', faults },
    Object.fromEntries(
      names.flatMap((name) => {
        const value = faults[name];
        return value === undefined ? [] : [[settingOf(name), value === noDiskFaults[name] ? null : value]];
      }),
    ),
  );
};

const diskSwitch = <U extends string>(
  undo: U,
  name: Exclude<keyof DiskFaults, 'slowPercent' | 'roomPercent'>,
) =>
  defineAction({
    target: 'node',
    isFault: true,
    undo,
    parts: (fabric, { node }) => settingParts(fabric, node, [settingOf(name)]),
    do: (fabric, { node }) => setFaults(fabric, node, { [name]: true }),
    end: (fabric, { node }) => setFaults(fabric, node, { [name]: false }),
  });

const damage = (kind: 'bitRot' | 'readError') =>
  defineAction({
    target: 'node',
    args: { prefix: keyPrefix, pick: optional(count(0, 0xffff_ffff, 0)) },
    isFault: true,
    do(fabric, { at, node, prefix, pick }) {
      const stream = makePrng(fabric.seed, `rot:${node}:${prefix}@${at}`);
      return commandNode(fabric, node, { kind, prefix, pick: pick ?? nextUint32(stream) });
    },
  });

const trick = (kind: 'lose' | 'misdirect') =>
  defineAction({
    target: 'node',
    args: { prefix: keyPrefix },
    isFault: true,
    do: (fabric, { node, prefix }) => commandNode(fabric, node, { kind: 'diskTrick', trick: kind, prefix }),
  });

export const diskActions = {
  /** Reads, writes and syncs take so many per cent of their time. */
  diskSlow: defineAction({
    target: 'node',
    args: { percent: percent(1, 100_000, 1000) },
    isFault: true,
    undo: 'diskSlow',
    parts: (fabric, { node }) => settingParts(fabric, node, [settingOf('slowPercent')]),
    do: (fabric, action) => setFaults(fabric, action.node, { slowPercent: action.percent }),
    end: (fabric, { node }) => setFaults(fabric, node, { slowPercent: 100 }),
  }),
  /** The disk has so many per cent of its size: more is room that an operator gives, and less keeps what is there. */
  diskRoom: defineAction({
    target: 'node',
    args: { percent: percent(1, 100_000, 200) },
    isFault: true,
    undo: 'diskRoom',
    parts: (fabric, { node }) => settingParts(fabric, node, [settingOf('roomPercent')]),
    do: (fabric, action) => setFaults(fabric, action.node, { roomPercent: action.percent }),
    end: (fabric, { node }) => setFaults(fabric, node, { roomPercent: 100 }),
  }),
  /** Nothing that was asked of the disk completes. */
  diskStall: diskSwitch('diskStall', 'stall'),
  /** Writes that need room fail. */
  diskFull: diskSwitch('diskFull', 'full'),
  /** Syncs fail. */
  diskFailSync: diskSwitch('diskFailSync', 'failSync'),
  /** Reads fail. */
  diskFailRead: diskSwitch('diskFailRead', 'failRead'),
  /** Ends every fault of the node’s disk. */
  diskOk: defineAction({
    target: 'node',
    do(fabric, { node }) {
      commandNode(fabric, node, { kind: 'diskTrick', trick: 'none', prefix: '' });
      return setFaults(fabric, node, noDiskFaults);
    },
  }),
  /** One bit of a durable value under this key prefix is flipped. */
  bitRot: damage('bitRot'),
  /** One durable value under this key prefix cannot be read any more. */
  diskReadError: damage('readError'),
  /** The next write under this key prefix is said to be durable, and is lost. */
  diskLoseWrite: trick('lose'),
  /** The next write under this key prefix lands on another key. */
  diskMisdirect: trick('misdirect'),
};
