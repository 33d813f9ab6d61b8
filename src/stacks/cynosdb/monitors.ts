// What watches a cluster of CynosDB, and the rules that it is held to: those of any quorum log, of archives and restores, and of readers.

import { archive, archiveRules } from '../../sim/checks/archive.ts';
import { drainedBy, drainedRules } from '../../sim/checks/drained.ts';
import { logWriting } from '../../sim/checks/log-writing.ts';
import type { MonitorModule, Rules } from '../../sim/checks/monitor.ts';
import { patience, patienceRules } from '../../sim/checks/patience.ts';
import {
  groupMonitors,
  metadataMonitors,
  quorumLogRules,
  volumeMonitors,
} from '../../sim/checks/quorum-log.ts';
import { readerRules, readers } from '../../sim/checks/readers.ts';
import { restoredVolume, restoreRules, restores } from '../../sim/checks/restores.ts';

/** Whoever reads the truth of the log as it was before an event stands before `logWriting`, which changes it. */
export const monitors: readonly MonitorModule[] = [
  ...groupMonitors,
  archive,
  ...volumeMonitors,
  readers,
  logWriting,
  restoredVolume,
  restores,
  drainedBy(() => true),
  patience,
  ...metadataMonitors,
];

export const rules: Rules = {
  ...quorumLogRules,
  ...readerRules,
  ...archiveRules,
  ...restoreRules,
  ...drainedRules,
  ...patienceRules,
};
