// What the fabric does at its time: actions of the tape in line order, and the ends of faults that last a while.

import { assert, unreachable } from '../base/assert.ts';
import { hashText, makeHash } from '../base/hash.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { makePrng, nextUint32 } from '../base/prng.ts';
import {
  closeNode,
  type Edge,
  expectPowerCut,
  type Fabric,
  type FabricNode,
  makeQuietTraffic,
  nodeOf,
  openNode,
} from './fabric.ts';
import { healLink, type LinkState } from './network.ts';
import type { ActionOf, LinkTarget, PowerStamp, TapeAction } from './tape-actions.ts';
import { printAction } from './tape-print.ts';
import { actOnMessage, cutLink, linkOf, type MessageDeed, releaseLink } from './traffic.ts';
import { type CrashMode, NEVER, type NodeCommand } from './types.ts';

/** Time of the next action or end of a fault that has not been done. */
export function nextTapeAt(fabric: Fabric): number {
  const action = fabric.tape[fabric.position];
  const undo = fabric.undos[0];
  return Math.min(action === undefined ? NEVER : action.at, undo === undefined ? NEVER : undo.at);
}

/** When the next durable image has to be remembered for a power cut. */
export function nextMarkAt(fabric: Fabric): number {
  let first: number = NEVER;
  for (const stamp of fabric.stamps) if (stamp.until > fabric.now && stamp.until < first) first = stamp.until;
  return first;
}

/** Does everything that is due at the fabric's time: ends of faults first, then the tape in line order. */
export function applyDueActions(fabric: Fabric, edge: Edge): void {
  takeMarks(fabric);
  for (;;) {
    const undo = fabric.undos[0];
    if (undo !== undefined && undo.at <= fabric.now) {
      fabric.undos.shift();
      const hadEffect = undoAction(fabric, undo.action);
      note(fabric, undo.action, true, hadEffect);
    } else {
      const action = fabric.tape[fabric.position];
      if (action === undefined || action.at > fabric.now) return;
      fabric.position++;
      const hadEffect = doAction(fabric, action, edge);
      note(fabric, action, false, hadEffect);
      if ('forUs' in action && action.forUs !== null) scheduleUndo(fabric, action, action.forUs);
    }
    takeMarks(fabric);
  }
}

function scheduleUndo(fabric: Fabric, action: TapeAction, afterUs: number): void {
  const at = fabric.now + afterUs;
  let place = fabric.undos.length;
  while (place > 0 && (fabric.undos[place - 1]?.at ?? 0) > at) place--;
  fabric.undos.splice(place, 0, { at, action });
}

/** What clients and operators say is told by the nodes themselves; faults are told here. */
function note(fabric: Fabric, action: TapeAction, isUndo: boolean, hadEffect: boolean): void {
  switch (action.kind) {
    case 'sql':
    case 'cancel':
    case 'workload':
    case 'workloadSet':
    case 'workloadStop':
      return;
  }
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

function emit(fabric: Fabric, node: NodeId, event: Fabric['events'][number]['event']): void {
  fabric.events.push({ at: fabric.now, node, ordinal: 0, causeNode: null, causeOrdinal: 0, event });
}

/** Does one action at the fabric's time; false when there was nothing to do it to. */
function doAction(fabric: Fabric, action: TapeAction, edge: Edge): boolean {
  switch (action.kind) {
    case 'crash':
      return crash(fabric, action.node, action.mode);
    case 'restart':
      return restart(fabric, action.node);
    case 'freeze':
      return freeze(fabric, action.node, true);
    case 'resume':
      return freeze(fabric, action.node, false);
    case 'slowCpu':
      return command(fabric, action.node, { kind: 'slowCpu', usPerInput: action.usPerInput });
    case 'clock':
      return command(fabric, action.node, { kind: 'clock', offsetUs: action.offsetUs });
    case 'diskSlow':
    case 'diskStall':
    case 'diskFull':
    case 'diskFailSync':
    case 'diskFailRead':
      return diskFault(fabric, action, true);
    case 'diskOk':
      return command(fabric, action.node, { kind: 'diskFaults', faults: noDiskFaults });
    case 'bitRot':
      return rot(fabric, action);
    case 'isolate':
    case 'partition':
    case 'cut':
    case 'hold':
    case 'heal':
    case 'release':
    case 'latency':
    case 'jitter':
    case 'loss':
    case 'duplicate':
    case 'reorder':
    case 'corrupt':
    case 'healAll':
      return forEachLink(fabric, action, (link, from, to) => changeLink(fabric, action, link, from, to));
    case 'dropMessage':
    case 'deliverMessage':
    case 'duplicateMessage':
    case 'corruptMessage':
    case 'releaseMessage':
    case 'delayMessage':
    case 'holdMessage':
      return actOn(fabric, action.message, deedOf(action));
    case 'sql':
    case 'cancel':
    case 'workload':
    case 'workloadSet':
    case 'workloadStop':
      return command(fabric, action.node, clientCommand(fabric, action, edge));
    case 'powerCut':
      return powerCut(fabric, action.stamps);
    default:
      return unreachable(action);
  }
}

/** The end of a fault that was to last a while. */
function undoAction(fabric: Fabric, action: TapeAction): boolean {
  switch (action.kind) {
    case 'crash':
      return restart(fabric, action.node);
    case 'freeze':
      return freeze(fabric, action.node, false);
    case 'slowCpu':
      return command(fabric, action.node, { kind: 'slowCpu', usPerInput: 0 });
    case 'clock':
      return command(fabric, action.node, { kind: 'clock', offsetUs: 0 });
    case 'diskSlow':
    case 'diskStall':
    case 'diskFull':
    case 'diskFailSync':
    case 'diskFailRead':
      return diskFault(fabric, action, false);
    case 'holdMessage':
      return actOn(fabric, action.message, { kind: 'release' });
    default:
      return forEachLink(fabric, action, (link, from, to) => restoreLink(fabric, action, link, from, to));
  }
}

// nodes

function command(fabric: Fabric, id: NodeId, what: NodeCommand): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'down') return false;
  node.commands.push({ at: fabric.now, command: what });
  return true;
}

function crash(fabric: Fabric, id: NodeId, mode: CrashMode): boolean {
  const node = nodeOf(fabric, id);
  if (node.status === 'down') return false;
  fabric.ops.push({ kind: 'crash', node: id, at: fabric.now, mode });
  emit(fabric, id, { kind: 'node.down', life: node.life, mode });
  closeNode(fabric, node);
  return true;
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

function rot(fabric: Fabric, action: ActionOf<'bitRot'>): boolean {
  const { prefix } = action;
  const stream = makePrng(fabric.seed, `rot:${action.node}:${prefix}@${action.at}`);
  const pick = action.pick ?? nextUint32(stream);
  return command(fabric, action.node, { kind: 'bitRot', prefix, pick });
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
      const statements = edge.workloadStatements(name, spec);
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

// links

type LinkAction = Exclude<TapeAction, { node: NodeId } | { message: string } | { kind: 'powerCut' }>;

function forEachLink(
  fabric: Fabric,
  action: TapeAction,
  change: (link: LinkState, from: number, to: number) => boolean,
): boolean {
  let hadEffect = false;
  for (const [from, to] of linksOf(fabric, action)) {
    if (change(linkOf(fabric.traffic, from, to), from, to)) hadEffect = true;
  }
  return hadEffect;
}

const indexes = (fabric: Fabric, ids: readonly NodeId[]): number[] =>
  ids.map((id) => fabric.indexOf.get(id)).filter((index) => index !== undefined);

/** Every direction that the action names, each once, in a fixed order. */
export function linksOf(fabric: Fabric, action: TapeAction): (readonly [from: number, to: number])[] {
  const all = fabric.nodes.map((_, i) => i);
  if ('link' in action) return linksOfTarget(fabric, action.link);
  if ('nodes' in action) {
    const inside = new Set(indexes(fabric, action.nodes));
    return pairs(all, all, (a, b) => inside.has(a) !== inside.has(b));
  }
  if ('sides' in action) {
    const sideOf = new Map<number, number>();
    action.sides.forEach((side, s) => {
      for (const index of indexes(fabric, side)) sideOf.set(index, s);
    });
    const named = [...sideOf.keys()].sort((a, b) => a - b);
    return pairs(named, named, (a, b) => sideOf.get(a) !== sideOf.get(b));
  }
  return action.kind === 'healAll' ? pairs(all, all, () => true) : [];
}

function linksOfTarget(fabric: Fabric, target: LinkTarget): (readonly [number, number])[] {
  const from = indexes(fabric, target.from);
  const to = indexes(fabric, target.to);
  const there = pairs(from, to, (a, b) => a !== b);
  if (!target.isBothWays) return there;
  const known = new Set(there.map(([a, b]) => `${a}>${b}`));
  return [...there, ...pairs(to, from, (a, b) => a !== b && !known.has(`${a}>${b}`))];
}

function pairs(
  from: readonly number[],
  to: readonly number[],
  isMeant: (a: number, b: number) => boolean,
): (readonly [number, number])[] {
  return from.flatMap((a) => to.filter((b) => isMeant(a, b)).map((b) => [a, b] as const));
}

function changeLink(fabric: Fabric, action: LinkAction, link: LinkState, from: number, to: number): boolean {
  const { traffic, now } = fabric;
  switch (action.kind) {
    case 'isolate':
    case 'partition':
    case 'cut':
      if (link.isCut) return false;
      cutLink(traffic, from, to, now);
      return true;
    case 'hold':
      link.isHeld = true;
      return true;
    case 'heal':
    case 'healAll':
      healLink(link);
      releaseLink(traffic, from, to, now);
      return true;
    case 'release':
      releaseLink(traffic, from, to, now);
      return true;
    case 'latency':
      assert(action.baseUs >= fabric.lookaheadUs, 'PRE-2: no link goes below the latency floor');
      link.baseUs = action.baseUs;
      return true;
    case 'jitter':
      link.jitterUs = action.jitterUs;
      return true;
    case 'loss':
    case 'duplicate':
    case 'reorder':
    case 'corrupt':
      setPercent(link, action.kind, action.percent);
      return true;
  }
}

type PercentKind = 'loss' | 'duplicate' | 'reorder' | 'corrupt';

function setPercent(link: LinkState, kind: PercentKind, percent: number): void {
  if (kind === 'loss') link.lossPercent = percent;
  else if (kind === 'duplicate') link.duplicatePercent = percent;
  else if (kind === 'reorder') link.reorderPercent = percent;
  else link.corruptPercent = percent;
}

function restoreLink(fabric: Fabric, action: TapeAction, link: LinkState, from: number, to: number): boolean {
  switch (action.kind) {
    case 'hold':
      releaseLink(fabric.traffic, from, to, fabric.now);
      return true;
    case 'latency':
      link.baseUs = link.presetBaseUs;
      return true;
    case 'jitter':
      link.jitterUs = link.presetJitterUs;
      return true;
    case 'loss':
    case 'duplicate':
    case 'reorder':
    case 'corrupt':
      setPercent(link, action.kind, 0);
      return true;
    default:
      link.isCut = false;
      return true;
  }
}

// messages

interface ParsedName {
  readonly from: NodeId;
  readonly sequence: number;
  readonly copy: number;
}

/** `rw-1.112.0`: the source, which of its messages, which copy. */
export function parseMessageName(text: string): ParsedName | null {
  const found = /^(.+)\.(\d{1,15})\.(\d{1,6})$/.exec(text);
  if (found === null) return null;
  return { from: found[1] as NodeId, sequence: Number(found[2]), copy: Number(found[3]) };
}

type MessageAction = Extract<TapeAction, { message: string }>;

function deedOf(action: MessageAction): MessageDeed {
  switch (action.kind) {
    case 'dropMessage':
      return { kind: 'drop' };
    case 'deliverMessage':
      return { kind: 'deliver' };
    case 'duplicateMessage':
      return { kind: 'duplicate' };
    case 'corruptMessage':
      return { kind: 'corrupt' };
    case 'releaseMessage':
      return { kind: 'release' };
    case 'holdMessage':
      return { kind: 'hold' };
    case 'delayMessage':
      return { kind: 'delay', us: action.byUs };
  }
}

function actOn(fabric: Fabric, message: string, deed: MessageDeed): boolean {
  const name = parseMessageName(message);
  const from = name === null ? undefined : fabric.indexOf.get(name.from);
  if (name === null || from === undefined) return false;
  const { sequence, copy } = name;
  const { traffic, now, lookaheadUs, seed } = fabric;
  return actOnMessage(traffic, { from, sequence, copy }, deed, now, lookaheadUs, seed);
}

// power cut

/** Remembers the durable images whose stamps are reached. A stamp of the next life was made by a crash's last write. */
function takeMarks(fabric: Fabric): void {
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
function powerCut(fabric: Fabric, stamps: readonly PowerStamp[]): boolean {
  for (const stamp of fabric.stamps)
    fabric.divergences.push(`${stamp.node}: life ${stamp.life} was not reached`);
  for (const node of fabric.nodes) {
    const { id } = node.spec;
    if (node.status === 'up') {
      fabric.ops.push({ kind: 'crash', node: id, at: fabric.now, mode: 'loseAll' });
      closeNode(fabric, node);
    }
    emit(fabric, id, { kind: 'node.down', life: node.life, mode: 'powerCut' });
    fabric.ops.push({ kind: 'restore', node: id, at: fabric.now });
  }
  beginAfterPowerCut(fabric, stamps);
  return true;
}

/** The state of the fabric right after a power cut: a function of the tape alone, not of what was before. */
export function beginAfterPowerCut(fabric: Fabric, stamps: readonly PowerStamp[]): void {
  const { cluster, params, seed, broken } = fabric;
  fabric.epoch++;
  fabric.undos = [];
  const counters = fabric.traffic.counters;
  Object.assign(
    fabric.traffic,
    makeQuietTraffic({ cluster, params, seed, broken, actions: [] }, fabric.epoch),
    { counters },
  );
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

export const asTime = (us: number): Time => us as Time;
