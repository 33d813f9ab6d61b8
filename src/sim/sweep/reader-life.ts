// Readers that come and go in a swept run (PCS-79, PCS-100): some are added, crash now and then, and are removed, as are those that the
// preset began with, but for one. From a stream of its own, so that the rest of a seed is as without them.

import { present } from '../../base/assert.ts';
import type { Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance } from '../../base/prng.ts';
import { haGroupOf, readersOf } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { zonesOf } from '../node-templates.ts';
import type { TapeAction } from '../tape-actions.ts';
import { crashModeOf, freeNames, pick } from './draw-tools.ts';

/** Between two changes, µs: a node joins or ends in it, or is overtaken by the next change. */
const APART_US = 1_500_000;
/** Numbers of the names of added readers begin here, or above those of the layout. */
const FIRST = 11;

export function drawReaderLife(seed: number, cluster: ClusterSpec, chaosUs: number): TapeAction[] {
  const standbys = haGroupOf(cluster).map(({ node }) => node);
  const readers = readersOf(cluster).filter((node) => !standbys.includes(node));
  if (readers.length === 0) return [];
  const prng = makePrng(seed, 'reader life');
  const actions: TapeAction[] = [];
  const named = cluster.nodes.map(({ id }) => id);
  for (let at = nextBetween(prng, 0, APART_US); at < chaosUs; at += nextBetween(prng, 50_000, APART_US)) {
    const time = at as Time;
    if (readers.length < 2 || nextChance(prng, 1, 2)) {
      const added = present(freeNames(named, 'ro-', FIRST, 1)[0], 'name');
      named.push(added);
      actions.push({
        kind: 'addNode',
        at: time,
        added,
        template: 'reader',
        zone: pick(prng, zonesOf(cluster)),
      });
      readers.push(added);
      if (nextChance(prng, 1, 3)) {
        const forUs = nextBetween(prng, 5_000, 200_000);
        const crashAt = (at + nextBetween(prng, 100, 30_000)) as Time;
        actions.push({ kind: 'crash', at: crashAt, node: added, mode: crashModeOf(prng), forUs });
      }
    } else {
      const [node] = readers.splice(nextBelow(prng, readers.length), 1);
      if (node !== undefined) actions.push({ kind: 'removeNode', at: time, node });
    }
  }
  return actions.toSorted((a, b) => a.at - b.at);
}
