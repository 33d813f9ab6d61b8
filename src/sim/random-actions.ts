// Actions drawn at random from the registry, for property tests and for worlds under chaos without a budget. What a
// drawn action says is always valid in its cluster.

import type { NodeId, Time } from '../base/ids.ts';
import { nextBelow, nextBetween, nextChance, type Prng } from '../base/prng.ts';
import { workloadKindNames } from '../core/client/workload-kinds.ts';
import type { ClusterSpec } from '../core/kernel/door.ts';
import {
  type ActionKind,
  type ActionName,
  type ArgSpec,
  actionKinds,
  type LinkTarget,
  MAIN_NAME,
  type TapeAction,
  workloadFields,
} from './tape-actions.ts';

const pick = <T>(prng: Prng, items: readonly T[]): T => items[nextBelow(prng, items.length)] as T;

/** Splits the nodes in two non-empty parts, some left out. */
function drawSides(prng: Prng, nodes: readonly NodeId[]): [NodeId[], NodeId[]] {
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

function drawLink(prng: Prng, nodes: readonly NodeId[]): LinkTarget {
  const [from, to] = drawSides(prng, nodes);
  return { from, to, isBothWays: nextChance(prng, 1, 2) };
}

const storesOf = (cluster: ClusterSpec): NodeId[] =>
  cluster.nodes.filter(({ roles }) => roles.includes('store') || roles.includes('toy')).map(({ id }) => id);

function drawTarget(prng: Prng, kind: ActionKind, cluster: ClusterSpec): object {
  const nodes = cluster.nodes.map(({ id }) => id);
  switch (kind.target) {
    case 'node':
      return { node: pick(prng, nodes) };
    case 'driver': {
      const drivers = cluster.nodes.filter(({ roles }) => roles.includes('driver') || roles.includes('toy'));
      return { node: pick(prng, drivers).id };
    }
    case 'writer': {
      const writers = cluster.nodes.filter(({ roles }) => roles.includes('compute') || roles.includes('toy'));
      return { node: pick(prng, writers).id };
    }
    case 'store':
      return { node: pick(prng, storesOf(cluster)) };
    case 'nodes':
      return { nodes: drawSides(prng, nodes)[0] };
    case 'sides':
      return { sides: drawSides(prng, nodes) };
    case 'link':
      return { link: drawLink(prng, nodes) };
    case 'message':
      return {
        message: `${pick(prng, nodes)}.${nextBetween(prng, 1, 400)}.${nextChance(prng, 1, 8) ? 1 : 0}`,
      };
    case 'world':
      return {};
  }
}

const LETTERS = 'abc "\\\n\té漢\u{1f600}\u0001\ud800;:|>#';

function drawText(prng: Prng): string {
  const letters = [...LETTERS];
  return Array.from({ length: nextBelow(prng, 12) }, () => pick(prng, letters)).join('');
}

function drawNumber(prng: Prng, spec: Extract<ArgSpec, { type: 'number' }>, floorUs: number): number | null {
  if (spec.isOptional === true && nextChance(prng, 1, 2)) return null;
  const min = spec.name === 'baseUs' ? Math.max(floorUs, spec.min) : spec.min;
  // Mostly near what a menu offers, now and then at the ends of the range.
  if (nextChance(prng, 1, 20)) return min;
  const near = Math.max(min, Math.min(spec.max, 2 * Math.abs(spec.usual)));
  const value = nextBetween(prng, min, Math.max(min, Math.min(near, min + 20_000)));
  return spec.min < 0 ? value - min - Math.trunc(Math.min(20_000, near - min) / 2) : value;
}

function drawWorkload(prng: Prng, isPartial: boolean): object {
  const spec: Record<string, unknown> = {};
  if (!isPartial) spec.kind = pick(prng, workloadKindNames);
  for (const { name, min, max } of workloadFields) {
    if (!isPartial || name === 'clients') spec[name] = nextBetween(prng, min, Math.min(max, min + 50));
  }
  if (!isPartial) spec.load = nextChance(prng, 1, 2);
  return spec;
}

function drawArg(prng: Prng, spec: ArgSpec, cluster: ClusterSpec, floorUs: number): unknown {
  switch (spec.type) {
    case 'number':
      return drawNumber(prng, spec, floorUs);
    case 'word':
      return pick(prng, spec.words);
    case 'text':
      if (spec.name === 'groups') return '';
      return spec.name === 'prefix' ? pick(prng, ['', 'log/', 'counter', 'none']) : drawText(prng);
    case 'texts':
      if (spec.name === 'keys') return Array.from({ length: nextBelow(prng, 3) }, () => drawText(prng));
      return Array.from({ length: nextBelow(prng, 3) }, () =>
        nextChance(prng, 1, 4) ? null : drawText(prng),
      );
    case 'name':
      return pick(prng, [MAIN_NAME, 'console', 'w-2']);
    case 'session':
      return pick(prng, [MAIN_NAME, 'console', `${MAIN_NAME}@v2`]);
    case 'volume':
      return spec.name === 'source' ? cluster.volume : 'v2';
    case 'point': {
      const place = nextBetween(prng, 0, 20_000);
      return nextChance(prng, 1, 2) ? { kind: 'lsn', lsn: place } : { kind: 'time', at: place };
    }
    case 'workload':
      return drawWorkload(prng, spec.isPartial);
    case 'stamps':
      return [];
    case 'node':
      return pick(prng, storesOf(cluster));
    case 'group':
      return nextChance(prng, 1, 2) ? null : (cluster.groups[0]?.id ?? null);
  }
}

/** A valid action of this kind at this time. */
export function drawAction(
  prng: Prng,
  name: ActionName,
  cluster: ClusterSpec,
  floorUs: number,
  at: Time,
): TapeAction {
  const kind = actionKinds[name];
  const action: Record<string, unknown> = { at, kind: name, ...drawTarget(prng, kind, cluster) };
  for (const spec of kind.args) action[spec.name] = drawArg(prng, spec, cluster, floorUs);
  if (kind.isLasting) action.forUs = nextChance(prng, 1, 3) ? null : nextBetween(prng, 1, 10_000);
  return action as unknown as TapeAction;
}
