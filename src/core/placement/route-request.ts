// How a driver finds the primary of a key with a map that may be old (docs/spec/pcs.md PCS-51…55): it sends where its copy says,
// follows a refusal that names a newer primary, and renews the copy after any other. Pure: each call says what to do next.

import type { NodeId, Term } from '../../base/ids.ts';
import { votersOf } from './membership.ts';
import { compareIds } from './placement-state.ts';
import type { ServeRefusal } from './serve-check.ts';
import { groupOfKey, type MapCopy, type ShardGroup } from './shard-map.ts';

/** routeMaxAttempts of pcs.md §1: sends of one search; then the request waits and searches again, until maxRetryMs. */
export const ROUTE_MAX_ATTEMPTS = 4;

export interface Routing {
  readonly key: number;
  copy: MapCopy;
  /** Sends that are left (routeMaxAttempts): a refresh is none (PCS-54). */
  attemptsLeft: number;
  /** Since the last refresh. */
  readonly tried: Set<NodeId>;
  /** The copy was renewed for this request: a key without a group has none (PCS-54). */
  isFresh: boolean;
  /** The metadata does not answer: each voter is tried (PCS-55). */
  isAlone: boolean;
}

export type RouteStep =
  | { readonly kind: 'send'; readonly to: NodeId; readonly group: ShardGroup }
  /** Ask the metadata for the map: `onRefreshed`. */
  | { readonly kind: 'refresh' }
  | { readonly kind: 'end'; readonly outcome: 'NO_GROUP' | 'UNAVAILABLE' };

export type RouteReply = ServeRefusal | { readonly kind: 'TIMEOUT' };

export const makeRouting = (copy: MapCopy, key: number, maxAttempts: number): Routing => ({
  key,
  copy,
  attemptsLeft: maxAttempts,
  tried: new Set(),
  isFresh: false,
  isAlone: false,
});

/** The first step, and the next after each refresh. */
export function nextRouteStep(routing: Routing): RouteStep {
  const group = groupOfKey(routing.copy.groups, routing.key);
  if (group === null) return routing.isFresh ? { kind: 'end', outcome: 'NO_GROUP' } : { kind: 'refresh' };
  if (routing.attemptsLeft === 0) return { kind: 'end', outcome: 'UNAVAILABLE' };
  const to = targetIn(routing, group);
  routing.attemptsLeft--;
  routing.tried.add(to);
  return { kind: 'send', to, group };
}

/** The primary; while nobody says who it is, one voter after the other: whoever it asks may know. */
function targetIn({ tried, isAlone }: Routing, group: ShardGroup): NodeId {
  const voters = votersOf(group).toSorted(compareIds);
  const inTurn = group.leader === null ? voters : [group.leader, ...voters];
  const next = inTurn.find((node) => !tried.has(node));
  if (group.leader !== null && !isAlone) return group.leader;
  if (next === undefined) tried.clear();
  return next ?? (inTurn[0] as NodeId);
}

/** PCS-53: a newer primary is followed once; after everything else the whole map is fetched. */
export function onRefused(routing: Routing, group: ShardGroup, reply: RouteReply): RouteStep {
  if (reply.kind !== 'NOT_PRIMARY' || !isNews(routing, group, reply)) return { kind: 'refresh' };
  const known: ShardGroup = { ...group, leader: reply.primary, term: reply.term };
  const groups = routing.copy.groups.map((one) => (one.group === group.group ? known : one));
  routing.copy = { ...routing.copy, groups };
  return nextRouteStep(routing);
}

const isNews = (
  { tried }: Routing,
  group: ShardGroup,
  { primary, term }: { readonly primary: NodeId | null; readonly term: Term },
): boolean => primary !== null && term > group.term && !tried.has(primary);

/** The answer of the metadata; null: none came, and the request goes on with what is known (PCS-55, PCS-31). */
export function onRefreshed(routing: Routing, copy: MapCopy | null): RouteStep {
  routing.isAlone = copy === null;
  if (copy !== null) {
    routing.copy = copy;
    routing.tried.clear();
    routing.isFresh = true;
    return nextRouteStep(routing);
  }
  const isLost = groupOfKey(routing.copy.groups, routing.key) === null;
  return isLost ? { kind: 'end', outcome: 'UNAVAILABLE' } : nextRouteStep(routing);
}
