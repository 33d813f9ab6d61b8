// What the fabric does at its time: actions of the tape in line order, and the ends of faults that last a while.

import { unreachable } from '../base/assert.ts';
import type { NodeId } from '../base/ids.ts';
import { makePrng, nextUint32 } from '../base/prng.ts';
import { workloadTexts } from '../core/client/workload-kinds.ts';
import type { AgentCommand } from '../core/kernel/door.ts';
import { changeLinks, doToMessage, parseMessageName, restoreLinks } from './fabric-links.ts';
import { addUndo, closeNode, type Edge, emit, type Fabric, nodeOf, openNode } from './fabric-state.ts';
import { padGroups } from './pad-groups.ts';
import { powerCut, takeMarks } from './power-cut.ts';
import { type ActionOf, actionKinds, type TapeAction } from './tape-actions.ts';
import { printAction } from './tape-print.ts';
import { type CrashFate, NEVER, type NodeCommand } from './types.ts';

/** Time of the next action or end of a fault that has not been done. */
export function nextTapeAt(fabric: Fabric): number {
  const action = fabric.tape[fabric.position];
  const undo = fabric.undos[0];
  return Math.min(action === undefined ? NEVER : action.at, undo === undefined ? NEVER : undo.at);
}

/** Does everything that is due at the fabric's time: ends of faults first, then the tape in line order. */
export function applyDueActions(fabric: Fabric, edge: Edge): void {
  takeMarks(fabric);
  for (;;) {
    const undo = fabric.undos[0];
    if (undo !== undefined && undo.at <= fabric.now) {
      fabric.undos.shift();
      if (undo.life !== undefined) powerOff(fabric, undo.action, undo.life);
      else note(fabric, undo.action, true, undoAction(fabric, undo.action));
    } else {
      const action = fabric.tape[fabric.position];
      if (action === undefined || action.at > fabric.now) return;
      fabric.position++;
      const hadEffect = doAction(fabric, action, edge);
      note(fabric, action, false, hadEffect);
      const graceUs = action.kind === 'stop' ? action.graceUs : 0;
      if ('forUs' in action && action.forUs !== null) scheduleUndo(fabric, action, graceUs + action.forUs);
    }
    takeMarks(fabric);
  }
}

function scheduleUndo(fabric: Fabric, action: TapeAction, afterUs: number, life?: number): void {
  const at = fabric.now + afterUs;
  addUndo(fabric, life === undefined ? { at, action } : { at, action, life });
}

/** What reaches a driver is told by the driver itself; everything else is told here. */
function note(fabric: Fabric, action: TapeAction, isUndo: boolean, hadEffect: boolean): void {
  if (hadEffect && actionKinds[action.kind].target === 'driver') return;
  const text = printAction(action);
  emit(fabric, nodeNamedBy(fabric, action), {
    kind: 'world.action',
    action: action.kind,
    text,
    isUndo,
    hadEffect,
  });
}

function nodeNamedBy(fabric: Fabric, action: TapeAction): NodeId {
  if ('node' in action) return action.node;
  if ('link' in action) return action.link.from[0] as NodeId;
  if ('nodes' in action) return action.nodes[0] as NodeId;
  if ('sides' in action) return action.sides[0]?.[0] as NodeId;
  if ('message' in action) return (parseMessageName(action.message)?.from ?? '') as NodeId;
  return fabric.nodes[0]?.spec.id as NodeId;
}

/** Does one action at the fabric's time; false when there was nothing to do it to. */
function doAction(fabric: Fabric, action: TapeAction, edge: Edge): boolean {
  switch (action.kind) {
    case 'crash':
      return crash(fabric, action.node, action.mode);
    case 'restart':
      return restart(fabric, action.node);
    case 'crashLosing':
      return crash(fabric, action.node, { losing: action.keys.filter((key) => key !== null) });
    case 'crashOn':
    case 'disarm':
      return arm(fabric, action);
    case 'powerOff':
      return everyNode(action.nodes, (id) => crash(fabric, id, 'drawn'));
    case 'powerOn':
      return everyNode(action.nodes, (id) => restart(fabric, id));
    case 'dropBuffer':
      return command(fabric, action.node, { kind: 'dropBuffer' });
    case 'stop':
      return stop(fabric, action);
    case 'freeze':
      return freeze(fabric, action.node, true);
    case 'resume':
      return freeze(fabric, action.node, false);
    case 'slowCpu':
      return command(fabric, action.node, { kind: 'slowCpu', usPerInput: action.usPerInput });
    case 'clock':
      return command(fabric, action.node, { kind: 'clock', offsetUs: action.offsetUs });
    case 'clockDrift':
      return command(fabric, action.node, { kind: 'clockDrift', ppm: action.ppm });
    case 'diskSlow':
    case 'diskStall':
    case 'diskFull':
    case 'diskFailSync':
    case 'diskFailRead':
      return diskFault(fabric, action, true);
    case 'diskOk':
      command(fabric, action.node, { kind: 'diskTrick', trick: 'none', prefix: '' });
      return command(fabric, action.node, { kind: 'diskFaults', faults: noDiskFaults });
    case 'bitRot':
    case 'diskReadError':
      return damage(fabric, action);
    case 'diskLoseWrite':
      return command(fabric, action.node, { kind: 'diskTrick', trick: 'lose', prefix: action.prefix });
    case 'diskMisdirect':
      return command(fabric, action.node, { kind: 'diskTrick', trick: 'misdirect', prefix: action.prefix });
    case 'isolate':
    case 'partition':
    case 'cut':
    case 'hold':
    case 'heal':
    case 'release':
    case 'latency':
    case 'jitter':
    case 'bandwidth':
    case 'dropNext':
    case 'holdNext':
    case 'loss':
    case 'duplicate':
    case 'reorder':
    case 'corrupt':
    case 'healAll':
      return changeLinks(fabric, action);
    case 'dropMessage':
    case 'deliverMessage':
    case 'duplicateMessage':
    case 'corruptMessage':
    case 'releaseMessage':
    case 'delayMessage':
    case 'holdMessage':
      return doToMessage(fabric, action);
    case 'sql':
    case 'cancel':
    case 'workload':
    case 'workloadSet':
    case 'workloadStop':
      return command(fabric, action.node, clientCommand(fabric, action, edge));
    case 'padTo':
      return command(fabric, action.node, {
        kind: 'agent',
        command: { kind: 'padTo', upTo: action.upTo, groups: padGroups(action.groups) },
      });
    case 'readPage':
      return command(fabric, action.node, {
        kind: 'agent',
        command: { kind: 'readPage', blockKey: action.blockKey, readPoint: action.readPoint },
      });
    case 'evictPage':
    case 'pinPage':
    case 'unpinPage':
      return orderPage(fabric, action, action.kind);
    case 'pauseHoles':
    case 'resumeHoles':
      return orderHoles(fabric, action, action.kind === 'pauseHoles');
    case 'wipeDisk':
      return crash(fabric, action.node, 'wiped');
    case 'snapshotDisk':
      return command(fabric, action.node, { kind: 'snapshotDisk' });
    case 'rollbackDisk':
      return crash(fabric, action.node, 'rolledBack');
    case 'moveReplica': {
      const { group, node: from, to } = action;
      return tellMeta(fabric, { kind: 'moveReplica', group, from, to });
    }
    case 'nameArchiver':
      return tellMeta(fabric, { kind: 'nameArchiver', group: action.group, to: action.node });
    case 'rollbackMove':
      return tellMeta(fabric, { kind: 'rollbackMove', group: action.group });
    case 'restore': {
      const { source, to, volume } = action;
      return tellDriver(fabric, { kind: 'restore', source, to, volume });
    }
    case 'cancelRestore':
    case 'dropVolume':
      return tellDriver(fabric, { kind: action.kind, volume: action.volume });
    case 'powerCut':
      return powerCut(fabric, action.stamps);
    default:
      return unreachable(action);
  }
}

/** The end of a fault that was to last a while. */
function undoAction(fabric: Fabric, action: TapeAction): boolean {
  switch (action.kind) {
    case 'wipeDisk':
    case 'rollbackDisk':
    case 'crash':
    case 'crashLosing':
    case 'stop':
      return restart(fabric, action.node);
    case 'powerOff':
      return everyNode(action.nodes, (id) => restart(fabric, id));
    case 'freeze':
      return freeze(fabric, action.node, false);
    case 'slowCpu':
      return command(fabric, action.node, { kind: 'slowCpu', usPerInput: 0 });
    case 'clock':
      return command(fabric, action.node, { kind: 'clock', offsetUs: 0 });
    case 'clockDrift':
      return command(fabric, action.node, { kind: 'clockDrift', ppm: 0 });
    case 'diskSlow':
    case 'diskStall':
    case 'diskFull':
    case 'diskFailSync':
    case 'diskFailRead':
      return diskFault(fabric, action, false);
    case 'pinPage':
      return orderPage(fabric, action, 'unpinPage');
    case 'pauseHoles':
      return orderHoles(fabric, action, false);
    case 'holdMessage':
      return doToMessage(fabric, { ...action, kind: 'releaseMessage' });
    default:
      return restoreLinks(fabric, action);
  }
}

// nodes

function command(fabric: Fabric, id: NodeId, what: NodeCommand): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'down') return false;
  node.commands.push({ at: fabric.now, command: what });
  return true;
}

/** The operator's word to the metadata; without effect while its node is down. */
function tellMeta(fabric: Fabric, what: AgentCommand): boolean {
  const meta = fabric.cluster.nodes.find(({ roles }) => roles.includes('meta'));
  return meta !== undefined && command(fabric, meta.id, { kind: 'agent', command: what });
}

/** The operator's word to a driver that is up, which tells it on until it is answered. */
function tellDriver(fabric: Fabric, what: AgentCommand): boolean {
  const drivers = fabric.cluster.nodes.filter(({ roles }) => roles.includes('driver'));
  const driver = drivers.find(({ id }) => nodeOf(fabric, id).status !== 'down');
  return driver !== undefined && command(fabric, driver.id, { kind: 'agent', command: what });
}

function orderPage(
  fabric: Fabric,
  { node, blockKey }: ActionOf<'evictPage' | 'pinPage' | 'unpinPage'>,
  kind: 'evictPage' | 'pinPage' | 'unpinPage',
): boolean {
  return command(fabric, node, { kind: 'agent', command: { kind, blockKey } });
}

function orderHoles(
  fabric: Fabric,
  { node, group }: ActionOf<'pauseHoles' | 'resumeHoles'>,
  isPaused: boolean,
): boolean {
  return command(fabric, node, { kind: 'agent', command: { kind: 'pauseHoles', group, isPaused } });
}

function crash(fabric: Fabric, id: NodeId, mode: CrashFate): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'down') return false;
  fabric.ops.push({ kind: 'crash', node: id, at: fabric.now, mode });
  emit(fabric, id, { kind: 'node.down', life: node.life, mode: typeof mode === 'string' ? mode : 'losing' });
  closeNode(fabric, node);
  return true;
}

/** Does it to each; true when any was there to do it to. */
const everyNode = (ids: readonly NodeId[], what: (id: NodeId) => boolean): boolean =>
  ids.map(what).some((hadEffect) => hadEffect);

/** A node has one crash that waits for its moment; a later one takes its place. */
function arm(fabric: Fabric, action: ActionOf<'crashOn' | 'disarm'>): boolean {
  const node = nodeOf(fabric, action.node);
  if (action.kind === 'disarm' && node.armed === null) return false;
  const armed = action.kind === 'disarm' ? null : { when: action.when, moment: action.moment };
  if (!command(fabric, action.node, { kind: 'arm', armed })) return false;
  node.armed = action.kind === 'disarm' ? null : action;
  return true;
}

/** The node is told to end; when its grace is over, so is this life of it, whether it was ready or not. */
function stop(fabric: Fabric, action: ActionOf<'stop'>): boolean {
  const node = nodeOf(fabric, action.node);
  if (!command(fabric, action.node, { kind: 'stop' })) return false;
  scheduleUndo(fabric, action, action.graceUs, node.life);
  return true;
}

function powerOff(fabric: Fabric, action: TapeAction, life: number): void {
  if ((action.kind === 'stop' || action.kind === 'crashOn') && nodeOf(fabric, action.node).life === life)
    crash(fabric, action.node, 'drawn');
}

function restart(fabric: Fabric, id: NodeId): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'up') return false;
  openNode(fabric, node);
  return true;
}

function freeze(fabric: Fabric, id: NodeId, isFrozen: boolean): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'down' || node.isFrozen === isFrozen) return false;
  node.isFrozen = isFrozen;
  return command(fabric, id, { kind: isFrozen ? 'freeze' : 'resume' });
}

const noDiskFaults = { slowPercent: 100, full: false, failSync: false, failRead: false, stall: false };

type DiskAction = ActionOf<'diskSlow' | 'diskStall' | 'diskFull' | 'diskFailSync' | 'diskFailRead'>;

function diskFault(fabric: Fabric, action: DiskAction, isOn: boolean): boolean {
  const fault = (faults: Extract<NodeCommand, { kind: 'diskFaults' }>['faults']): boolean =>
    command(fabric, action.node, { kind: 'diskFaults', faults });
  switch (action.kind) {
    case 'diskSlow':
      return fault({ slowPercent: isOn && 'percent' in action ? action.percent : 100 });
    case 'diskStall':
      return fault({ stall: isOn });
    case 'diskFull':
      return fault({ full: isOn });
    case 'diskFailSync':
      return fault({ failSync: isOn });
    case 'diskFailRead':
      return fault({ failRead: isOn });
  }
}

function damage(fabric: Fabric, action: ActionOf<'bitRot' | 'diskReadError'>): boolean {
  const { prefix } = action;
  const stream = makePrng(fabric.seed, `rot:${action.node}:${prefix}@${action.at}`);
  const pick = action.pick ?? nextUint32(stream);
  const kind = action.kind === 'bitRot' ? 'bitRot' : 'readError';
  return command(fabric, action.node, { kind, prefix, pick });
}

type ClientAction = ActionOf<'sql' | 'cancel' | 'workload' | 'workloadSet' | 'workloadStop'>;

function clientCommand(fabric: Fabric, action: ClientAction, edge: Edge): NodeCommand {
  switch (action.kind) {
    case 'sql': {
      const { session, text, params } = action;
      const request = { kind: 'sql', session, text, params } as const;
      return { kind: 'clientRequest', requestId: requestIdOf(fabric), request, statements: edge.parse(text) };
    }
    case 'cancel': {
      const request = { kind: 'cancel', session: action.session } as const;
      return { kind: 'clientRequest', requestId: requestIdOf(fabric), request, statements: [] };
    }
    case 'workload': {
      const { name, spec } = action;
      const statements = workloadTexts(spec.kind).flatMap((text) => edge.parse(text));
      return { kind: 'agent', command: { kind: 'workload', name, spec, statements } };
    }
    case 'workloadSet':
      return { kind: 'agent', command: { kind: 'workloadSet', name: action.name, spec: action.spec } };
    case 'workloadStop':
      return { kind: 'agent', command: { kind: 'workloadStop', name: action.name } };
  }
}

/** Name of the request of the action that is being done: its time and its place among those of that time. */
function requestIdOf(fabric: Fabric): string {
  return requestIdAt(fabric.tape, fabric.position - 1);
}

/** The reply to a `sql` action carries this id. */
export function requestIdAt(tape: readonly TapeAction[], index: number): string {
  const at = (tape[index] as TapeAction).at;
  let place = 0;
  while (index - place > 0 && (tape[index - place - 1] as TapeAction).at === at) place++;
  return `q${at}.${place}`;
}
