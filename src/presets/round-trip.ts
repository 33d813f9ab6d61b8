// How long a message and its answer may take in a cluster, disk included (PRE-6): what times of waiting are held against.

import { type ClusterSpec, isBetween, type ZoneLink } from '../core/kernel/cluster-spec.ts';
import type { Params } from '../core/kernel/params.ts';

/** Of a cluster, what its round trips depend on. */
export type Distances = Partial<Pick<ClusterSpec, 'links' | 'nodes'>>;

/** How long messages between two zones, or inside one, take. */
export type LinkTimes = Omit<ZoneLink, 'from' | 'to'>;

/** What the parameters say of it. */
export const usualLink = (params: Params, from: string, to: string): LinkTimes => ({
  baseUs: from === to ? params.linkBaseUs : params.linkBaseOtherZoneUs,
  jitterUs: params.linkJitterUs,
  ...(params.linkHeavyTail === 1 ? { isHeavyTailed: true } : {}),
});

/** What the cluster says of it, or else the parameters. */
export const linkBetween = ({ links = [] }: Distances, params: Params, from: string, to: string): LinkTimes =>
  links.find((one) => isBetween(one, from, to)) ?? usualLink(params, from, to);

/** Of a distribution, what nine of ten messages take; the rest is its tail. */
const BODY = 900;

/** Longest time of a message on the link without its tail, µs. */
const bodyUs = ({ baseUs, jitterUs, percentiles = [] }: ZoneLink): number =>
  Math.max(baseUs + jitterUs, ...percentiles.flatMap(([perMille, us]) => (perMille <= BODY ? [us] : [])));

/** The longest sync of any disk, µs. */
export const slowestSyncUs = (params: Params, { nodes = [] }: Distances = {}): number =>
  Math.max(
    params.diskSyncUs + params.diskSyncJitterUs,
    ...nodes.flatMap(({ ownDisk }) =>
      ownDisk === undefined
        ? []
        : [(ownDisk.syncUs ?? params.diskSyncUs) + (ownDisk.syncJitterUs ?? params.diskSyncJitterUs)],
    ),
  );

/** Round trip of the slowest link and the largest sync, µs. */
export const roundTripUs = (params: Params, cluster: Distances = {}): number =>
  2 *
    Math.max(
      Math.max(params.linkBaseUs, params.linkBaseOtherZoneUs) + params.linkJitterUs,
      ...(cluster.links ?? []).map(bodyUs),
    ) +
  slowestSyncUs(params, cluster);
