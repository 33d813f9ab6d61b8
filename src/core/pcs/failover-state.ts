// What the leader of the metadata remembers of failovers (docs/spec/failover.md §2, §5): heard anew by each leader.

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import type { Candidate } from '../placement/elect-primary.ts';

/** The newest report of a node of an HA group (FENCE-20). */
export interface AttachmentHeard {
  readonly boot: number;
  readonly mode: 'rw' | 'ro';
  readonly token: Term;
  readonly applyLsn: Lsn;
  readonly isFrozen: boolean;
  /** FENCE-57: as reported; null: unknown. */
  readonly quorumUs: number | null;
}

/** A switchover as far as this leader has followed it. */
export interface SwitchHeard {
  readonly term: Term;
  readonly since: Time;
  /** W3: the writer has handed over at this VDL. */
  vdl: Lsn | null;
  handedAt: Time;
}

/** PCS-49. */
export interface Election {
  readonly token: Term;
  readonly since: Time;
  askedAt: Time;
  readonly answers: Map<NodeId, Candidate>;
}

export interface FailoverDriver {
  /** Since when this node leads: until a heartbeat comes, silence of a node is counted from then on (PCS-96). */
  since: Time;
  /** By volume, then node. */
  readonly reports: Map<string, Map<NodeId, AttachmentHeard>>;
  readonly switches: Map<string, SwitchHeard>;
  /** PCS-49, by volume: what its replicas have answered under a token that nobody has yet. */
  readonly elections: Map<string, Election>;
  /** By volume: when NO_CANDIDATE was last said. */
  readonly vain: Map<string, Time>;
  /** FENCE-57, by volume: who was cut off when this token was taken from everybody; it is elected only if there is nobody else. */
  readonly passedOver: Map<string, { readonly token: Term; readonly node: NodeId }>;
  /** FENCE-57, by volume: the token that was granted last, and since when this leader knows. */
  readonly granted: Map<string, { readonly token: Term; readonly at: Time }>;
}

export const makeFailoverDriver = (): FailoverDriver => ({
  since: 0 as Time,
  reports: new Map(),
  switches: new Map(),
  elections: new Map(),
  vain: new Map(),
  granted: new Map(),
  passedOver: new Map(),
});
