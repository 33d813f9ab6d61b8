// Whether a volume gets another writer without an operator (docs/spec/failover.md FENCE-20, FENCE-57): then nobody waits for the old one. Pure.

import type { NodeId } from '../../base/ids.ts';
import { isStopped, type Standing } from '../../run-model/waits/waits.ts';
import type { ClusterView } from './wait-view.ts';

/** Nodes of the HA group beside the holder that the metadata hears; none where the metadata chooses no writer. */
export function standbysOf(
  { metadata, meta, reach }: ClusterView,
  holder: NodeId,
  volume: string,
): readonly NodeId[] {
  const group = metadata?.computeGroups?.find((one) => one.volume === volume);
  const nodes = group?.members.map(({ node }) => node) ?? [];
  return nodes.filter((node) => node !== holder && !isStopped(reach.between(meta, node)));
}

/** The metadata gives up a holder that it does not hear, and one that cannot open the volume or that no write quorum answers. */
export const isGivenUp = (
  { meta, reach }: ClusterView,
  holder: NodeId,
  { isBlocked }: Pick<Standing, 'isBlocked'>,
): boolean => isStopped(reach.between(meta, holder)) || isBlocked;
