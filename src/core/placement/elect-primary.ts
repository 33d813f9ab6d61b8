// Who becomes primary of a group whose primary is gone (docs/spec/placement.md PCS-48, 49; failover.md FENCE-21; wal.md WAL-61). The token
// is granted and installed before (R1), so what the replicas answered then cannot grow under an older one.

import type { Lsn, NodeId, Term } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';
import { hasQuorumInEverySet } from '../quorum/quorum.ts';
import { votersOf } from './membership.ts';
import { compareIds } from './placement-state.ts';

/** Of a RecoveryInfo that was read after the token was at Vw of every set. */
export interface Candidate {
  readonly node: NodeId;
  /** Term of its last record. */
  readonly tailTerm: Term;
  readonly ncl: Lsn;
}

/**
 * The up voter with the greatest ⟨tail term, NCL⟩, of equal ones the one that is wanted (PCS-121), else the lowest id; null while Vr of some set have not answered, or
 * no voter that did is up. While joint, who stays is asked to lead: the other would have to hand over at once.
 */
export function electPrimary(
  group: Descriptor,
  answers: readonly Candidate[],
  isUp: (node: NodeId) => boolean,
  wanted: NodeId | null = null,
): NodeId | null {
  const hasAnswered = (id: NodeId): boolean => answers.some(({ node }) => node === id);
  if (!hasQuorumInEverySet(group.sets, group.vr, hasAnswered)) return null;
  const voters = votersOf(group);
  return (
    answers
      .filter(({ node }) => voters.includes(node) && isUp(node))
      .reduce<Candidate | null>(
        (best, one) => (best === null || isAhead(one, best, wanted) ? one : best),
        null,
      )?.node ?? null
  );
}

const isAhead = (a: Candidate, b: Candidate, wanted: NodeId | null): boolean =>
  (a.tailTerm - b.tailTerm ||
    a.ncl - b.ncl ||
    Number(a.node === wanted) - Number(b.node === wanted) ||
    compareIds(b.node, a.node)) > 0;
