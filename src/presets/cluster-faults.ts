// What is wrong with a cluster as a whole (PRE-1, PRE-6, PRE-9), and where.

import { type Refusal, type RefusalKind, refusal } from './refusals.ts';

/** `field`: the line of a cluster that says it or would say it otherwise: `node store-2`, `group g1`, `tablets`, `set lal`. */
export interface ClusterFault extends Refusal {
  readonly field: string;
}

export const clusterFault = (field: string, kind: RefusalKind, of: Refusal['of']): ClusterFault => ({
  field,
  ...refusal(kind, of),
});
