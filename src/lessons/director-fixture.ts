// For tests: what comes before a lesson is played once, and each test goes on from a copy.

import type { Director } from './director.ts';
import { copyStage } from './stage.ts';

/** Plays on by itself from where the other stands. */
export const copyDirector = (d: Director): Director => ({
  ...d,
  stage: copyStage(d.stage),
  predicted: new Set(d.predicted),
});
