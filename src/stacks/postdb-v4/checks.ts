// What watches a cluster of `postdb-v4`, and the rules that it is held to: those of any quorum log, of the metadata's log, and of
// tables that are cut into tablets.

import { configurationRules, configured } from '../../sim/checks/configuration.ts';
import {
  dueRules,
  historyRules,
  progressRules,
  redoRules,
  structureRules,
} from '../../sim/checks/end-of-run.ts';
import { fencing, fencingRules, tokenGrants } from '../../sim/checks/fencing.ts';
import { boots, gapRequests, gapRules } from '../../sim/checks/gap-requests.ts';
import { gatherRules, gathers } from '../../sim/checks/gathers.ts';
import { logRules, logWriting } from '../../sim/checks/log-writing.ts';
import { lostDiskRules, lostDisks, readFloor } from '../../sim/checks/lost-disks.ts';
import { convergenceRules, memberRules, members } from '../../sim/checks/members.ts';
import { metadataLog, metadataLogRules } from '../../sim/checks/metadata-log.ts';
import { pageRules, pages } from '../../sim/checks/pages.ts';
import { placement, placementRules } from '../../sim/checks/placement.ts';
import { powerLoss, powerLossRules } from '../../sim/checks/power-loss.ts';
import { recordSums } from '../../sim/checks/record-sums.ts';
import { recoveries, recoveryRules } from '../../sim/checks/recoveries.ts';
import { abstentionRules, acknowledgements, ackRules, reportedScls } from '../../sim/checks/replica-acks.ts';
import { scrub, scrubRules } from '../../sim/checks/scrub.ts';
import { tabletRules, tablets } from '../../sim/checks/tablets.ts';
import { watermarkRules, watermarks } from '../../sim/checks/watermarks.ts';
import type { StackChecks } from '../../sim/stack.ts';
import { postdbV4Mutants } from './mutants.ts';

/** Volumes are made by the first, before anybody looks at what is traced of them. */
export const postdbV4Checks: StackChecks = {
  id: 'postdb-v4',
  mutants: postdbV4Mutants,
  monitors: [
    tablets,
    placement,
    gathers,
    recordSums,
    boots,
    readFloor,
    lostDisks,
    powerLoss,
    tokenGrants,
    fencing,
    members,
    scrub,
    reportedScls,
    acknowledgements,
    recoveries,
    watermarks,
    gapRequests,
    pages,
    logWriting,
    metadataLog,
    configured,
  ],
  rules: {
    ...tabletRules,
    ...placementRules,
    ...gatherRules,
    ...ackRules,
    ...watermarkRules,
    ...logRules,
    ...recoveryRules,
    ...fencingRules,
    ...gapRules,
    ...scrubRules,
    ...pageRules,
    ...memberRules,
    ...lostDiskRules,
    ...powerLossRules,
    ...abstentionRules,
    ...metadataLogRules,
    ...configurationRules,
    ...historyRules,
    ...structureRules,
    ...redoRules,
    ...dueRules,
    ...convergenceRules,
    ...progressRules,
  },
};
