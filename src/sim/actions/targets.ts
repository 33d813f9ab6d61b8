// Targets of tape actions: how the nodes, link or message that an action is done to are read from the line, printed,
// checked against the cluster, and drawn at random for property tests.

import type { NodeId } from '../../base/ids.ts';
import { nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Role } from '../../core/kernel/view.ts';
import { type Refusal, type RefusalKind, refusal } from '../../presets/refusals.ts';
import type { NodeKinds } from '../node-templates.ts';
import type { TargetRoles } from '../stack.ts';
import { TAPE_LIMITS } from '../tape-limits.ts';
import { badLine, hasMore, isNext, takeName, takeToken, takeWord, type Words } from '../tape-tokens.ts';
import { parseMessageName } from '../traffic.ts';
import type { ActionTarget, TargetFields } from './define.ts';

interface Target<F> {
  /** Arguments follow its list of nodes behind a colon, so that no word can be taken for a node. */
  readonly isList: boolean;
  read(words: Words): F;
  print(action: F): string | null;
  draw(prng: Prng, cluster: ClusterSpec): F;
  /** The nodes that it names; all of them must exist. */
  nodes(action: F): readonly NodeId[];
  /** Why these nodes have not the role for it, or null. */
  refuse?(action: F, cluster: ClusterSpec, alsoFor: readonly Role[] | undefined): Refusal | null;
  /** What is wrong with its form, where the action has no check of its own, or null. */
  check?(action: F): Refusal | null;
}

export const pick = <T>(prng: Prng, items: readonly T[]): T => items[nextBelow(prng, items.length)] as T;

// nodes

const onNode: Target<TargetFields['node']> = {
  isList: false,
  read: (words) => ({ node: takeName(words, 'node') as NodeId }),
  print: ({ node }) => node,
  draw: (prng, { nodes }) => ({ node: pick(prng, nodes).id }),
  nodes: ({ node }) => [node],
};

type TargetRole = keyof TargetRoles;

/** A node of the metadata counts where there are several: alone it would take all there is with it. */
function hasRole({ nodes }: ClusterSpec, node: NodeId, role: Role): boolean {
  const those = nodes.filter(({ roles }) => roles.includes(role));
  return those.some(({ id }) => id === node) && (role !== 'meta' || those.length > 1);
}

function onRole({ nodesFor }: NodeKinds, target: TargetRole, why: RefusalKind): Target<TargetFields['node']> {
  return {
    ...onNode,
    draw: (prng, cluster) => ({ node: pick(prng, nodesFor(target, cluster)).id }),
    refuse({ node }, cluster, alsoFor) {
      const known = nodesFor(target, cluster);
      if (known.some(({ id }) => id === node)) return null;
      if (alsoFor?.some((role) => hasRole(cluster, node, role))) return null;
      return refusal(why, { node, known: known.map(({ id }) => id) });
    },
  };
}

/** Why a node is not a store, or null. */
export const refuseStore = (kinds: NodeKinds, node: NodeId, cluster: ClusterSpec): Refusal | null =>
  onRole(kinds, 'store', 'notStore').refuse?.({ node }, cluster, undefined) ?? null;

// lists of nodes

function takeNodes(words: Words, stops: readonly string[]): NodeId[] {
  const nodes: NodeId[] = [];
  while (hasMore(words) && !stops.some((stop) => isNext(words, stop))) {
    nodes.push(takeName(words, 'node') as NodeId);
    if (nodes.length > TAPE_LIMITS.nodesPerAction)
      throw badLine('moreThan', { most: TAPE_LIMITS.nodesPerAction, what: 'nodes' });
  }
  if (nodes.length === 0) throw badLine('noNodes', {}, hasMore(words) ? 'next' : 'end');
  return nodes;
}

const listEnds = [':', 'for'];

const printNodes = (nodes: readonly NodeId[]): string => nodes.join(' ');

/** Splits the nodes in two non-empty parts, some left out. */
function drawSides(prng: Prng, cluster: ClusterSpec): [NodeId[], NodeId[]] {
  const nodes = cluster.nodes.map(({ id }) => id);
  const sides: [NodeId[], NodeId[]] = [[], []];
  for (const node of nodes) {
    const side = sides[nextBelow(prng, 3)];
    if (side !== undefined) side.push(node);
  }
  const first = nextBelow(prng, nodes.length);
  const spare = (offset: number): NodeId => nodes[(first + offset) % nodes.length] as NodeId;
  if (sides[0].length === 0) sides[0].push(spare(sides[1].includes(spare(0)) ? 1 : 0));
  sides[1] = sides[1].filter((node) => !sides[0].includes(node));
  if (sides[1].length === 0) sides[1].push(nodes.find((node) => !sides[0].includes(node)) ?? spare(0));
  sides[0] = sides[0].filter((node) => !sides[1].includes(node));
  return sides;
}

const onNodes: Target<TargetFields['nodes']> = {
  isList: true,
  read: (words) => ({ nodes: takeNodes(words, listEnds) }),
  print: ({ nodes }) => printNodes(nodes),
  draw: (prng, cluster) => ({ nodes: drawSides(prng, cluster)[0] }),
  nodes: ({ nodes }) => nodes,
};

const onSides: Target<TargetFields['sides']> = {
  isList: true,
  read(words) {
    const sides = [takeNodes(words, ['|', ...listEnds])];
    while (isNext(words, '|')) {
      takeToken(words, '|');
      sides.push(takeNodes(words, ['|', ...listEnds]));
    }
    return { sides };
  },
  print: ({ sides }) => sides.map(printNodes).join(' | '),
  draw: (prng, cluster) => ({ sides: drawSides(prng, cluster) }),
  nodes: ({ sides }) => sides.flat(),
  check({ sides }) {
    const all = sides.flat();
    if (sides.length < 2) return refusal('oneSide');
    return new Set(all).size === all.length ? null : refusal('twoSides');
  },
};

const betweenSides = ['"|"', '">"'];

const onLink: Target<TargetFields['link']> = {
  isList: true,
  read(words) {
    const from = takeNodes(words, ['|', '>', ...listEnds]);
    const found = takeWord(words, betweenSides);
    if (found !== '|' && found !== '>') throw badLine('expected', { anyOf: betweenSides, found });
    return { link: { from, to: takeNodes(words, listEnds), isBothWays: found === '|' } };
  },
  print: ({ link: { from, to, isBothWays } }) =>
    `${printNodes(from)} ${isBothWays ? '|' : '>'} ${printNodes(to)}`,
  draw(prng, cluster) {
    const [from, to] = drawSides(prng, cluster);
    return { link: { from, to, isBothWays: nextChance(prng, 1, 2) } };
  },
  nodes: ({ link: { from, to } }) => [...from, ...to],
  check({ link: { from, to } }) {
    const isLoop = from.length === 1 && to.length === 1 && from[0] === to[0];
    return isLoop ? refusal('oneEnd') : null;
  },
};

// others

const onMessage: Target<TargetFields['message']> = {
  isList: false,
  read: (words) => ({ message: takeWord(words, 'message') }),
  print: ({ message }) => message,
  draw(prng, { nodes }) {
    const { id } = pick(prng, nodes);
    return { message: `${id}.${nextBetween(prng, 1, 400)}.${nextChance(prng, 1, 8) ? 1 : 0}` };
  },
  nodes: () => [],
  check: ({ message }) =>
    parseMessageName(message) === null ? refusal('notMessage', { found: message }) : null,
};

const onWorld: Target<object> = {
  isList: false,
  read: () => ({}),
  print: () => null,
  draw: () => ({}),
  nodes: () => [],
};

export type Targets = Readonly<Record<ActionTarget, Target<object>>>;

export const makeTargets = (kinds: NodeKinds): Targets => ({
  node: onNode,
  driver: onRole(kinds, 'driver', 'notDriver'),
  writer: onRole(kinds, 'writer', 'notWriter'),
  store: onRole(kinds, 'store', 'notStore'),
  pcs: onRole(kinds, 'pcs', 'notMetadata'),
  nodes: onNodes,
  sides: onSides,
  link: onLink,
  message: onMessage,
  world: onWorld,
});
