// Whether a node may serve a request that was routed by an old map (docs/spec/pcs.md PCS-51, PCS-52): the epochs that the driver
// carries are held against what the node knows of its group, so an old map costs a retry and never a wrong result.

import type { NodeId, Term } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';

/** With every request of a driver for a group. */
export interface RoutedRequest {
  readonly term: Term;
  readonly memberEpoch: number;
  readonly geoEpoch: number;
  /** Catalog versions that the statement was planned with. */
  readonly tableVersions: ReadonlyMap<string, number>;
}

/** What a node knows of a group that it hosts. */
export interface ServedGroup extends Pick<Descriptor, 'sets' | 'geoEpoch'> {
  readonly primary: NodeId | null;
  readonly term: Term;
  readonly tableVersions: ReadonlyMap<string, number>;
}

export type ServeRefusal =
  | { readonly kind: 'NOT_MEMBER' }
  | { readonly kind: 'WRONG_EPOCH'; readonly geoEpoch: number }
  | { readonly kind: 'NOT_PRIMARY'; readonly primary: NodeId | null; readonly term: Term }
  | { readonly kind: 'WRONG_SCHEMA'; readonly table: string; readonly version: number };

/**
 * Null: serve it. The order matters: to one who asks for the wrong range another primary is no help. A primary that leaves is in
 * the outgoing set only until the next one leads, and serves so long.
 */
export function refusalOf(
  self: NodeId,
  own: ServedGroup | null,
  { geoEpoch, tableVersions }: RoutedRequest,
): ServeRefusal | null {
  if (own === null || !own.sets.some((set) => set.includes(self))) return { kind: 'NOT_MEMBER' };
  if (geoEpoch !== own.geoEpoch) return { kind: 'WRONG_EPOCH', geoEpoch: own.geoEpoch };
  if (own.primary !== self) return { kind: 'NOT_PRIMARY', primary: own.primary, term: own.term };
  for (const [table, version] of tableVersions) {
    const current = own.tableVersions.get(table) ?? 0;
    if (current !== version) return { kind: 'WRONG_SCHEMA', table, version: current };
  }
  return null;
}

/** A refusal as a message carries it; null: the code is none of PCS-52. */
export function toRefusal({
  code,
  primary,
  term,
  current,
}: {
  readonly code: string;
  readonly primary: NodeId | null;
  readonly term: Term;
  readonly current: number;
}): ServeRefusal | null {
  switch (code) {
    case 'NOT_PRIMARY':
      return { kind: code, primary, term };
    case 'WRONG_EPOCH':
      return { kind: code, geoEpoch: current };
    case 'WRONG_SCHEMA':
      return { kind: code, table: '', version: current };
    case 'NOT_MEMBER':
      return { kind: code };
    default:
      return null;
  }
}
