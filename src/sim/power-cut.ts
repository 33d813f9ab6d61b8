// Power cuts on the tape. Each node's disk is as of its own stamp, which may lie before the cut: on the way there the
// fabric has the durable image of each node remembered at its stamp, and at the cut the disks return to it.

import { hashText, makeHash } from '../base/hash.ts';
import type { PowerStamp } from './actions/define.ts';
import {
  closeNode,
  emit,
  expectPowerCut,
  type Fabric,
  type FabricNode,
  makeQuietTraffic,
  nodeOf,
  openNode,
} from './fabric-state.ts';
import { NEVER } from './types.ts';

/** When the next durable image has to be remembered for a power cut. */
export function nextMarkAt(fabric: Fabric): number {
  let first: number = NEVER;
  for (const stamp of fabric.stamps) if (stamp.until > fabric.now && stamp.until < first) first = stamp.until;
  return first;
}

/** Remembers the durable images whose stamps are reached. A stamp of the next life was made by a crash's last write. */
export function markStampedImages(fabric: Fabric): void {
  if (fabric.stamps.length === 0) return;
  fabric.stamps = fabric.stamps.filter((stamp) => {
    if (stamp.until > fabric.now) return true;
    const node = nodeOf(fabric, stamp.node);
    const isCurrent = stamp.life === node.life && node.status === 'up';
    const isAfterCrash = stamp.life === node.life + 1 && node.status === 'down';
    if (!isCurrent && !isAfterCrash) return true;
    fabric.ops.push({ kind: 'mark', node: stamp.node, at: fabric.now, disk: stamp.disk });
    if (isCurrent) compareStamp(fabric, node, stamp);
    return false;
  });
}

function compareStamp(fabric: Fabric, node: FabricNode, stamp: PowerStamp): void {
  const { ordinal, hash } = node.stamp ?? { ordinal: 0, hash: stamp.hash };
  if (ordinal !== stamp.ordinal || hash !== stamp.hash) {
    const found = `${ordinal} inputs, hash ${hash}`;
    fabric.divergences.push(
      `${stamp.node} at ${stamp.until} µs: ${found}; stamped ${stamp.ordinal}, ${stamp.hash}`,
    );
  }
}

/**
 * All power is lost and comes back: every node's disk is as of its own stamp, all in flight is gone, every fault is
 * over, every stream begins a new life.
 */
export function powerCut(fabric: Fabric, stamps: readonly PowerStamp[]): boolean {
  for (const stamp of fabric.stamps)
    fabric.divergences.push(`${stamp.node}: life ${stamp.life} was not reached`);
  for (const node of fabric.nodes) {
    const { id } = node.spec;
    if (node.status === 'up') {
      fabric.ops.push({ kind: 'crash', node: id, at: fabric.now, mode: 'loseAll' });
      emit(fabric, id, { kind: 'node.down', incarnation: node.life, mode: 'powerCut' });
      closeNode(fabric, node);
    }
    fabric.ops.push({ kind: 'restore', node: id, at: fabric.now });
  }
  beginAfterPowerCut(fabric, stamps);
  return true;
}

/** The state of the fabric right after a power cut: a function of the tape alone, not of what was before. */
export function beginAfterPowerCut(fabric: Fabric, stamps: readonly PowerStamp[]): void {
  fabric.epoch++;
  fabric.undos = [];
  const counters = fabric.traffic.counters;
  Object.assign(fabric.traffic, makeQuietTraffic(fabric, fabric.epoch), { counters });
  const last = stamps.reduce((life, stamp) => Math.max(life, stamp.life), fabric.epoch);
  for (const node of fabric.nodes) {
    node.life = last;
    Object.assign(node.past, makeHash());
    const stamp = stamps.find((s) => s.node === node.spec.id);
    hashText(node.past, stamp === undefined ? 'no disk' : `${stamp.life} ${stamp.hash} ${stamp.disk}`);
    openNode(fabric, node);
  }
  expectPowerCut(fabric);
}
