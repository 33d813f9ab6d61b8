// What watches any cluster whose nodes write a replicated log by quorums under a token, with the metadata in a Raft log: the monitors
// in the order in which they must look, and the rules. A stack puts its own between them.

import { configurationRules, configured } from './configuration.ts';
import { historyRules, livenessRules, progressRules, redoRules, structureRules } from './end-of-run.ts';
import { fencing, fencingRules, tokenGrants } from './fencing.ts';
import { boots, gapRequests, gapRules } from './gap-requests.ts';
import { logRules } from './log-writing.ts';
import { lostDiskRules, lostDisks, opening, readFloor } from './lost-disks.ts';
import { convergenceRules, memberRules, members } from './members.ts';
import { metadataLog, metadataLogRules } from './metadata-log.ts';
import type { MonitorModule, Rules } from './monitor.ts';
import { pageRules, pages } from './pages.ts';
import { powerLoss, powerLossRules } from './power-loss.ts';
import { recordSums } from './record-sums.ts';
import { recoveries, recoveryRules } from './recoveries.ts';
import { abstentionRules, acknowledgements, ackRules, reportedScls } from './replica-acks.ts';
import { scrub, scrubRules } from './scrub.ts';
import { watermarkRules, watermarks } from './watermarks.ts';

/** Of replicas, tokens, members and recoveries. */
export const groupMonitors: readonly MonitorModule[] = [
  recordSums,
  boots,
  readFloor,
  opening,
  lostDisks,
  powerLoss,
  tokenGrants,
  fencing,
  members,
  scrub,
  reportedScls,
  acknowledgements,
  recoveries,
];

/** Of watermarks, holes and pages. They read the truth of the log as it was before an event: `logWriting`, which changes it, stands after them. */
export const volumeMonitors: readonly MonitorModule[] = [watermarks, gapRequests, pages];

/** Of the metadata's log and of the configuration. */
export const metadataMonitors: readonly MonitorModule[] = [metadataLog, configured];

export const quorumLogRules: Rules = {
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
  ...livenessRules,
  ...convergenceRules,
  ...progressRules,
};
