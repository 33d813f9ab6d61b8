// Faults whose value a person types: what can be set on a link or a node, in which unit and within which limits, read
// from the tape's own registry, so that a field never promises what the tape refuses.

import { type NodeId, nodeId } from '../../base/ids.ts';
import type { NumberRange } from '../../sim/actions/args.ts';
import type { LinkTarget } from '../../sim/actions/define.ts';
import { actionKinds } from '../../stacks/tapes.ts';
import type { Target } from '../../state/selection-store.ts';
import type { MessageKey } from '../i18n/i18n.ts';
import { bothWays, type NewAction, oneWay } from './entry.ts';

export type TypedSubject = Extract<Target, { kind: 'node' | 'link' }>;

export const typedLinkKinds = [
  'latency',
  'jitter',
  'loss',
  'duplicate',
  'reorder',
  'corrupt',
  'bandwidth',
] as const;
export const typedNodeKinds = ['slowCpu', 'clock', 'clockDrift', 'diskSlow', 'diskRoom'] as const;
type TypedLinkKind = (typeof typedLinkKinds)[number];
type TypedNodeKind = (typeof typedNodeKinds)[number];
export type TypedKind = TypedLinkKind | TypedNodeKind;

export const ways = ['both', 'there', 'back'] as const;
export type Way = (typeof ways)[number];

export const typedLabels = {
  latency: 'typed.latency',
  jitter: 'typed.jitter',
  loss: 'typed.loss',
  duplicate: 'typed.duplicate',
  reorder: 'typed.reorder',
  corrupt: 'typed.corrupt',
  bandwidth: 'typed.bandwidth',
  slowCpu: 'typed.slowCpu',
  clock: 'typed.clock',
  clockDrift: 'typed.clockDrift',
  diskSlow: 'typed.diskSlow',
  diskRoom: 'typed.diskRoom',
} as const satisfies Record<TypedKind, MessageKey>;

const units = {
  latency: 'ms',
  jitter: 'ms',
  loss: '%',
  duplicate: '%',
  reorder: '%',
  corrupt: '%',
  bandwidth: 'B/ms',
  slowCpu: 'µs',
  clock: 'ms',
  clockDrift: 'ppm',
  diskSlow: '%',
  diskRoom: '%',
} as const satisfies Record<TypedKind, string>;

/** A field as it stands on the screen: numbers in the unit that is written beside it. */
export interface TypedField {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly usual: number;
  /** Smallest difference that the tape keeps. */
  readonly step: number;
}

function numberOf(kind: TypedKind): NumberRange {
  const range = Object.values(actionKinds[kind].args)[0]?.range;
  if (range === undefined) throw new Error(`${kind} takes no number first`);
  return range;
}

/** Units inside one unit on the screen: times are µs inside. */
const scaleOf = (kind: TypedKind): number => (numberOf(kind).unit === 'ms' ? 1000 : 1);

export function typedField(kind: TypedKind): TypedField {
  const { min, max, usual } = numberOf(kind);
  const scale = scaleOf(kind);
  return { unit: units[kind], min: min / scale, max: max / scale, usual: usual / scale, step: 1 / scale };
}

/** What was typed, in the action's own unit; null: no number, or not within the limits. */
export function readTyped(kind: TypedKind, text: string): number | null {
  const value = Math.round(Number(text.trim().replace(',', '.')) * scaleOf(kind));
  const { min, max } = numberOf(kind);
  return text.trim() === '' || !Number.isSafeInteger(value) || value < min || value > max ? null : value;
}

function linkOf(a: NodeId, b: NodeId, way: Way): LinkTarget {
  if (way === 'both') return bothWays({ a, b });
  return way === 'there' ? oneWay(a, b) : oneWay(b, a);
}

interface Typed {
  readonly kind: TypedKind;
  readonly value: number;
  readonly way: Way;
  readonly forUs: number | null;
}

/** The one action that the panel makes; null where the subject has no such value. */
export function typedAction(subject: TypedSubject, { kind, value, way, forUs }: Typed): NewAction | null {
  if (subject.kind === 'link') {
    const link = linkOf(nodeId(subject.a), nodeId(subject.b), way);
    switch (kind) {
      case 'latency':
        return { kind, link, baseUs: value, forUs };
      case 'jitter':
        return { kind, link, jitterUs: value, forUs };
      case 'bandwidth':
        return { kind, link, bytesPerMs: value, forUs };
      case 'loss':
      case 'duplicate':
      case 'reorder':
      case 'corrupt':
        return { kind, link, percent: value, forUs };
      default:
        return null;
    }
  }
  const node = nodeId(subject.id);
  switch (kind) {
    case 'slowCpu':
      return { kind, node, usPerInput: value, forUs };
    case 'clock':
      return { kind, node, offsetUs: value, forUs };
    case 'clockDrift':
      return { kind, node, ppm: value, forUs };
    case 'diskSlow':
    case 'diskRoom':
      return { kind, node, percent: value, forUs };
    default:
      return null;
  }
}
