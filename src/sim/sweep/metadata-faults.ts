// Losses of the metadata's nodes where it has several: its leader, a minority, a disk, one direction of a link; and changes of its
// members. From a stream of its own, so that the rest of a seed is as without them.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { TapeAction } from '../tape-actions.ts';
import { crashModeOf, pick } from './draw-tools.ts';

/** Election timeouts between two losses: time for a leader that serves for a while. */
const BETWEEN = 12;

export function drawMetadataFaults(
  seed: number,
  { nodes }: ClusterSpec,
  { electionMaxMs }: Params,
  chaosUs: number,
): TapeAction[] {
  const all = nodes.filter(({ roles }) => roles.includes('meta'));
  const pcs = all.filter(({ isSpare }) => isSpare !== true).map(({ id }) => id);
  const spares = all.filter(({ isSpare }) => isSpare === true).map(({ id }) => id);
  if (pcs.length < 3) return [];
  const prng = makePrng(seed, 'metadata faults');
  const actions: TapeAction[] = [];
  const electionUs = electionMaxMs * 1000;
  let at = 0;
  for (;;) {
    at += nextBetween(prng, (electionUs * BETWEEN) >> 1, electionUs * BETWEEN);
    if (at >= chaosUs) break;
    const forUs = nextBetween(prng, electionUs, electionUs * 6);
    const node = pick(prng, [...pcs, ...spares]);
    const others = all.map(({ id }) => id).filter((id) => id !== node);
    actions.push(loss(node, at as Time, forUs, nextBelow(prng, 6), { mode: crashModeOf(prng), others }));
  }
  const changes = nextChance(prng, 1, 3)
    ? replaceLost(prng, pcs, electionUs, chaosUs)
    : spares.length > 0
      ? turnOver(prng, pcs, spares, electionUs, chaosUs)
      : [];
  return [...actions, ...changes];
}

/** One disk is lost, or put back to an earlier state, and its member comes back under a new identity; nobody else leaves meanwhile. */
function replaceLost(prng: Prng, pcs: readonly NodeId[], electionUs: number, chaosUs: number): TapeAction[] {
  const node = pick(prng, pcs);
  const when = nextBelow(prng, Math.max(1, chaosUs)) as Time;
  const lost: TapeAction[] = nextChance(prng, 1, 2)
    ? [{ kind: 'wipeDisk', at: when, node, forUs: electionUs }]
    : [
        { kind: 'snapshotDisk', at: when, node },
        { kind: 'rollbackDisk', at: (when + 4 * electionUs) as Time, node, forUs: electionUs },
      ];
  const gap = nextBetween(prng, electionUs * 6, electionUs * BETWEEN);
  const again = [1, 2, 3].map((n): TapeAction => ({ kind: 'addPcs', at: (when + n * gap) as Time, node }));
  return [...lost, ...again];
}

/** In turn a spare node comes in, a member goes out, and they change places again: never fewer voters than at first. */
function turnOver(
  prng: Prng,
  pcs: readonly NodeId[],
  spares: readonly NodeId[],
  electionUs: number,
  chaosUs: number,
): TapeAction[] {
  const actions: TapeAction[] = [];
  let outside = [...spares];
  let inside = [...pcs];
  let at = 0;
  for (;;) {
    at += nextBetween(prng, electionUs * 4, electionUs * BETWEEN);
    if (at >= chaosUs) return actions;
    const comes = pick(prng, outside);
    const goes = pick(prng, inside);
    const later = at + nextBetween(prng, electionUs, electionUs * 6);
    actions.push({ kind: 'addPcs', at: at as Time, node: comes });
    actions.push({ kind: 'removePcs', at: later as Time, node: goes });
    outside = [...outside.filter((node) => node !== comes), goes];
    inside = [...inside.filter((node) => node !== goes), comes];
    at = later;
  }
}

function loss(
  node: NodeId,
  at: Time,
  forUs: number,
  how: number,
  { mode, others }: { readonly mode: ReturnType<typeof crashModeOf>; readonly others: readonly NodeId[] },
): TapeAction {
  switch (how) {
    case 0:
      return { kind: 'isolate', at, nodes: [node], forUs };
    case 1: // it hears the others, and they do not hear it
      return { kind: 'cut', at, link: { from: [node], to: others, isBothWays: false }, forUs };
    case 2: // they hear it, and it hears nobody
      return { kind: 'cut', at, link: { from: others, to: [node], isBothWays: false }, forUs };
    default:
      return { kind: 'crash', at, node, mode, forUs };
  }
}
