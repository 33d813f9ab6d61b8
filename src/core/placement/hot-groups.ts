// Which groups get more than their share of the load, and what helps (docs/spec/placement.md PCS-74): a split by key where that
// divides it, else isolation: the other leaderships of its leader leave by leader steps, because its load is in L.

import { assert } from '../../base/assert.ts';
import { type GroupId, MAX } from '../../base/ids.ts';
import { type Bucket, compareIds, type PlacedGroup, type PlacementState } from './placement-state.ts';

export type HotStep =
  | { readonly kind: 'split'; readonly group: GroupId; readonly key: string }
  | { readonly kind: 'isolate'; readonly group: GroupId };

/**
 * Hot groups, the hottest first. On more nodes than there are groups each of these has several times a node's mean: below the load that is
 * worth a node of its own a group is measured against the other groups, so that idle nodes alone do not split what nobody asks much for.
 */
export function findHot({ config, nodes, groups }: PlacementState): HotStep[] {
  const up = nodes.filter(({ state }) => state === 'up').length;
  const sharing = (load: number): number => (load >= config.hotNodeLoad ? up : Math.min(up, groups.length));
  const total = groups.reduce((sum, { load }) => sum + load, 0);
  assert(total * 100 * Math.max(up, config.hotPct) <= MAX, 'loads of a placement are exact integers');
  return groups
    .filter(({ load }) => load >= config.hotMinLoad && load * sharing(load) * 100 > config.hotPct * total)
    .sort((a, b) => b.load - a.load || compareIds(a.id, b.id))
    .map(coolingOf);
}

function coolingOf({ id, buckets = [] }: PlacedGroup): HotStep {
  const key = splitKey(buckets);
  return key === null ? { kind: 'isolate', group: id } : { kind: 'split', group: id, key };
}

/**
 * The bucket boundary that halves the load of all buckets best, of equal ones the smaller key; null where none leaves a quarter on either
 * side. What names no key lies on both sides of any boundary, and stands in no bucket.
 */
function splitKey(buckets: readonly Bucket[]): string | null {
  const load = buckets.reduce((sum, bucket) => sum + bucket.load, 0);
  let below = 0;
  let best: { readonly key: string; readonly distance: number } | null = null;
  for (const [i, bucket] of buckets.entries()) {
    const distance = Math.abs(2 * below - load);
    if (i > 0 && (best === null || distance < best.distance)) best = { key: bucket.key, distance };
    below += bucket.load;
  }
  return best !== null && 2 * best.distance <= load ? best.key : null;
}
