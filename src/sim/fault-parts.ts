// What a lasting fault has changed, part by part: fields of link directions, nodes that are down or frozen, settings of a
// node, messages kept back. A part stands while the world still has that value; what changed it back does not matter.

import type { NodeId, Time } from '../base/ids.ts';
import type { Direction } from './fabric-links.ts';
import { type Fabric, nodeOf } from './fabric-state.ts';
import type { LinkState } from './network.ts';
import { linkOf, type MessageName, namedHeld } from './traffic.ts';

/** Fields of a direction that faults set, each with what it is without one. */
const normalLink = {
  isCut: () => false,
  isHeld: () => false,
  baseUs: (link) => link.presetBaseUs,
  jitterUs: (link) => link.presetJitterUs,
  bytesPerMs: () => 0,
  lossPercent: () => 0,
  duplicatePercent: () => 0,
  reorderPercent: () => 0,
  corruptPercent: () => 0,
} as const satisfies { readonly [K in keyof LinkState]?: (link: LinkState) => LinkState[K] };
export type LinkField = keyof typeof normalLink;

export type FaultPart =
  | {
      readonly kind: 'link';
      readonly direction: Direction;
      readonly field: LinkField;
      readonly value: number | boolean;
    }
  | { readonly kind: 'down' | 'frozen'; readonly node: NodeId }
  | { readonly kind: 'setting'; readonly node: NodeId; readonly name: string; readonly value: number | true }
  | { readonly kind: 'held'; readonly message: MessageName };

/** A fault with what is left of it. */
export interface FaultSpan {
  readonly text: string;
  readonly at: Time;
  /** End of its effect, or null while in force; equal to `at` for an instant. */
  until: Time | null;
  parts: readonly FaultPart[];
}

/** The directions in which this field is not what the preset has. */
export const linkParts = (
  { traffic }: Fabric,
  directions: readonly Direction[],
  field: LinkField,
): readonly FaultPart[] =>
  directions.flatMap((direction): FaultPart[] => {
    const link = linkOf(traffic, ...direction);
    const value = link[field];
    return value === normalLink[field](link) ? [] : [{ kind: 'link', direction, field, value }];
  });

export const downParts = (nodes: readonly NodeId[]): readonly FaultPart[] =>
  nodes.map((node) => ({ kind: 'down', node }));

/** Those of these settings that the node has. */
export const settingParts = (fabric: Fabric, node: NodeId, names: readonly string[]): readonly FaultPart[] =>
  names.flatMap((name): FaultPart[] => {
    const value = nodeOf(fabric, node).settings.get(name);
    return value === undefined ? [] : [{ kind: 'setting', node, name, value }];
  });

export function stands(fabric: Fabric, part: FaultPart): boolean {
  switch (part.kind) {
    case 'link':
      return linkOf(fabric.traffic, ...part.direction)[part.field] === part.value;
    case 'down':
      return nodeOf(fabric, part.node).status === 'down';
    case 'frozen':
      return nodeOf(fabric, part.node).isFrozen;
    case 'setting':
      return nodeOf(fabric, part.node).settings.get(part.name) === part.value;
    case 'held':
      return namedHeld(fabric.traffic, part.message) !== undefined;
  }
}
