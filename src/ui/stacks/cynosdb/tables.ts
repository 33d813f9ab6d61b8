// What CynosDB brings to the screen after the first picture, merged by src/ui/stacks/tables.ts.

import type { StackTables } from '../stack-tables.ts';
import { archiveCaptions } from './captions-archive.ts';
import { holeCaptions } from './captions-holes.ts';
import { logCaptions } from './captions-log.ts';
import { memberCaptions } from './captions-members.ts';
import { recoveryCaptions } from './captions-recovery.ts';
import { restoreCaptions } from './captions-restore.ts';
import { storeCaptions } from './captions-store.ts';
import './kind-texts.ts';
import { storySteps } from './story-steps.ts';

export const cynosdbTables: StackTables = {
  captions: [
    ...logCaptions,
    ...holeCaptions,
    ...memberCaptions,
    ...archiveCaptions,
    ...recoveryCaptions,
    ...restoreCaptions,
    ...storeCaptions,
  ],
  inclusiveRanges: ['mtr.append', 'wal.send', 'wal.receive'],
  storySteps,
};
