// What tape actions do to nodes: commands for a node at the fabric's time, crash, restart, and the end of a life that is
// already decided. Each answers false when there was nothing to do it to.

import type { NodeId } from '../base/ids.ts';
import type { OperatorCommand } from '../core/kernel/commands.ts';
import type { Role } from '../core/kernel/view.ts';
import type { OperatorOrder } from '../core/pcs/operator-order.ts';
import { type ArmedCrash, addUndo, closeNode, emit, type Fabric, nodeOf, openNode } from './fabric-state.ts';
import type { CrashSurvival, NodeCommand } from './types.ts';

export function commandNode(fabric: Fabric, id: NodeId, command: NodeCommand): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'down') return false;
  node.commands.push({ at: fabric.now, command });
  return true;
}

/** What a command sets for the rest of the node's life, by name; null, 0 or false: as it is without faults. */
export type Settings = Readonly<Record<string, number | boolean | null>>;

/** A command that leaves these settings. */
export function setNode(fabric: Fabric, id: NodeId, command: NodeCommand, values: Settings): boolean {
  if (!commandNode(fabric, id, command)) return false;
  const { settings } = nodeOf(fabric, id);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === 0 || value === false) settings.delete(name);
    else settings.set(name, value);
  }
  return true;
}

export const commandAgent = (fabric: Fabric, id: NodeId, command: OperatorCommand): boolean =>
  commandNode(fabric, id, { kind: 'agent', command });

const nodesWith = ({ cluster }: Fabric, role: Role): readonly NodeId[] =>
  cluster.nodes.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);

/** An operator's command to each node of the metadata: they hold it until it is answered (PCS-108). */
export function commandMetadata(fabric: Fabric, order: OperatorOrder): boolean {
  const command: OperatorCommand = { ...order, at: fabric.now };
  const taken = nodesWith(fabric, 'meta').map((meta) => commandAgent(fabric, meta, command));
  return taken.includes(true);
}

/** An operator's command through a driver that is up, which repeats it until it is answered. */
export function commandDriver(fabric: Fabric, command: OperatorCommand): boolean {
  const driver = nodesWith(fabric, 'driver').find((id) => nodeOf(fabric, id).status !== 'down');
  return driver !== undefined && commandAgent(fabric, driver, command);
}

/** `why`: what its trace says instead of the mode. */
export function crashNode(fabric: Fabric, id: NodeId, mode: CrashSurvival, why?: string): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'down') return false;
  fabric.ops.push({ kind: 'crash', node: id, at: fabric.now, mode });
  const text = why ?? (typeof mode === 'string' ? mode : 'losing');
  emit(fabric, id, { kind: 'node.down', incarnation: node.life, mode: text });
  closeNode(fabric, node);
  return true;
}

export function restartNode(fabric: Fabric, id: NodeId): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'up' || node.isGone) return false;
  openNode(fabric, node);
  return true;
}

export function freezeNode(fabric: Fabric, id: NodeId, isFrozen: boolean): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'down' || node.isFrozen === isFrozen) return false;
  node.isFrozen = isFrozen;
  return commandNode(fabric, id, { kind: isFrozen ? 'freeze' : 'resume' });
}

/** A node has one crash that waits for its moment; a later one takes its place, null disarms. */
export function armNode(fabric: Fabric, id: NodeId, crash: ArmedCrash | null): boolean {
  const node = nodeOf(fabric, id);
  if (crash === null && node.armed === null) return false;
  const armed = crash === null ? null : { when: crash.when, moment: crash.moment };
  if (!commandNode(fabric, id, { kind: 'arm', armed })) return false;
  node.armed = crash;
  return true;
}

/** The node is asked to end; when its grace is over, so is this life of it, whether it was ready or not. */
export function stopNode(fabric: Fabric, id: NodeId, graceUs: number): boolean {
  const { life } = nodeOf(fabric, id);
  if (!commandNode(fabric, id, { kind: 'stop' })) return false;
  addUndo(fabric, { at: fabric.now + graceUs, node: id, life });
  return true;
}

/** Does it to each; true when any was there to do it to. */
export const everyNode = (ids: readonly NodeId[], what: (id: NodeId) => boolean): boolean =>
  ids.map(what).some((hadEffect) => hadEffect);
