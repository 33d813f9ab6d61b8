// Faults of links and of messages in flight: which directions an action names, what it does to each, how it ends.

import { assert } from '../base/assert.ts';
import type { NodeId } from '../base/ids.ts';
import type { Fabric } from './fabric-state.ts';
import { healLink, type LinkState } from './network.ts';
import type { LinkTarget, TapeAction } from './tape-actions.ts';
import { actOnMessage, cutLink, linkOf, type MessageDeed, releaseLink } from './traffic.ts';

type LinkAction = Exclude<
  TapeAction,
  | { node: NodeId }
  | { message: string }
  | {
      kind: 'powerCut' | 'powerOff' | 'powerOn' | 'rollbackMove' | 'restore' | 'cancelRestore' | 'dropVolume';
    }
>;

/** Does a link action to every direction it names; false when nothing changed. */
export function changeLinks(fabric: Fabric, action: LinkAction): boolean {
  return forEachLink(fabric, action, (link, from, to) => changeLink(fabric, action, link, from, to));
}

/** The end of a link fault that was to last a while. */
export function restoreLinks(fabric: Fabric, action: TapeAction): boolean {
  return forEachLink(fabric, action, (link, from, to) => restoreLink(fabric, action, link, from, to));
}

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
    case 'bandwidth':
      link.bytesPerMs = action.bytesPerMs;
      return true;
    case 'dropNext':
    case 'holdNext': {
      const kind = action.kind === 'dropNext' ? 'drop' : 'hold';
      if (link.next.length >= NEXT_LIMIT) return false;
      link.next = [...link.next, { kind, family: action.family, left: action.count }];
      return true;
    }
    case 'loss':
    case 'duplicate':
    case 'reorder':
    case 'corrupt':
      setPercent(link, action.kind, action.percent);
      return true;
  }
}

/** Waits for the next of a family that one direction keeps; a further one has no effect. */
const NEXT_LIMIT = 32;

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
    case 'bandwidth':
      link.bytesPerMs = 0;
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

/** Does an action to one message in flight; false when it is not (or no longer) on its way. */
export function doToMessage(fabric: Fabric, action: MessageAction): boolean {
  const name = parseMessageName(action.message);
  const from = name === null ? undefined : fabric.indexOf.get(name.from);
  if (name === null || from === undefined) return false;
  const { sequence, copy } = name;
  const { traffic, now, lookaheadUs, seed } = fabric;
  return actOnMessage(traffic, { from, sequence, copy }, deedOf(action), now, lookaheadUs, seed);
}
