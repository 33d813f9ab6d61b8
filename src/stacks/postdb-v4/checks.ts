// What watches a cluster of `postdb-v4`, and the rules that it is held to: those of any quorum log, of tables that are cut into tablets,
// of their placement and of reads that are gathered from several volumes.

import { drainedBy, drainedRules } from '../../sim/checks/drained.ts';
import { gatherRules, gathers } from '../../sim/checks/gathers.ts';
import { logWriting } from '../../sim/checks/log-writing.ts';
import { patience, patienceRules } from '../../sim/checks/patience.ts';
import { placement, placementRules } from '../../sim/checks/placement.ts';
import {
  groupMonitors,
  metadataMonitors,
  quorumLogRules,
  volumeMonitors,
} from '../../sim/checks/quorum-log.ts';
import { splitRules, splits } from '../../sim/checks/splits.ts';
import { tabletRules, tablets } from '../../sim/checks/tablets.ts';
import type { StackChecks } from '../../sim/stack-checks.ts';
import { postdbV4Mutants } from './mutants.ts';

/** Volumes are made by the first, before anybody looks at what is traced of them. */
export const postdbV4Checks: StackChecks = {
  id: 'postdb-v4',
  mutants: postdbV4Mutants,
  monitors: [
    tablets,
    placement,
    drainedBy(({ tablets }, group) => tablets.standing.has(group)),
    gathers,
    patience,
    splits,
    ...groupMonitors,
    ...volumeMonitors,
    logWriting,
    ...metadataMonitors,
  ],
  rules: {
    ...tabletRules,
    ...placementRules,
    ...drainedRules,
    ...gatherRules,
    ...patienceRules,
    ...splitRules,
    ...quorumLogRules,
  },
};
