// What watches a cluster of CynosDB, and the rules that it is held to. The monitors are rooms of sim/checks, which other
// architectures with the same mechanisms share.

import { archive, archiveRules } from '../../sim/checks/archive.ts';
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
import { logRules, logWriting } from '../../sim/checks/log-writing.ts';
import { lostDiskRules, lostDisks, readFloor } from '../../sim/checks/lost-disks.ts';
import { convergenceRules, memberRules, members } from '../../sim/checks/members.ts';
import { metadataLog, metadataLogRules } from '../../sim/checks/metadata-log.ts';
import type { MonitorModule, Rules } from '../../sim/checks/monitor.ts';
import { pageRules, pages } from '../../sim/checks/pages.ts';
import { powerLoss, powerLossRules } from '../../sim/checks/power-loss.ts';
import { readerRules, readers } from '../../sim/checks/readers.ts';
import { recordSums } from '../../sim/checks/record-sums.ts';
import { recoveries, recoveryRules } from '../../sim/checks/recoveries.ts';
import { abstentionRules, acknowledgements, ackRules, reportedScls } from '../../sim/checks/replica-acks.ts';
import { restoredVolume, restoreRules, restores } from '../../sim/checks/restores.ts';
import { scrub, scrubRules } from '../../sim/checks/scrub.ts';
import { watermarkRules, watermarks } from '../../sim/checks/watermarks.ts';

/** Whoever reads the truth of the log as it was before an event stands before `logWriting`, which changes it. */
export const monitors: readonly MonitorModule[] = [
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
  archive,
  watermarks,
  gapRequests,
  pages,
  readers,
  logWriting,
  restoredVolume,
  restores,
  metadataLog,
  configured,
];

export const rules: Rules = {
  ...ackRules,
  ...watermarkRules,
  ...logRules,
  ...recoveryRules,
  ...fencingRules,
  ...gapRules,
  ...scrubRules,
  ...pageRules,
  ...readerRules,
  ...memberRules,
  ...lostDiskRules,
  ...powerLossRules,
  ...archiveRules,
  ...abstentionRules,
  ...restoreRules,
  ...metadataLogRules,
  ...configurationRules,
  ...historyRules,
  ...structureRules,
  ...redoRules,
  ...dueRules,
  ...convergenceRules,
  ...progressRules,
};
