// Types of the catalogues that load on demand: two lines an area.

import type { aboutTexts } from '../about/texts.ts';
import type { canvasTexts } from '../canvas/texts.ts';
import type { mapToolTexts } from '../canvas/tool-texts.ts';
import type { termTexts } from '../commands/term-texts.ts';
import type { commandTexts } from '../commands/texts.ts';
import type { tapeTexts } from '../dialogs/tape-texts.ts';
import type { dialogTexts } from '../dialogs/texts.ts';
import type { dockTexts } from '../dock/texts.ts';
import type { faultTexts } from '../faults/texts.ts';
import type { actionWordTexts } from '../faults/word-texts.ts';
import type { treeTexts } from '../frame/tree-texts.ts';
import type { inspectorTexts } from '../inspector/texts.ts';
import type { chainTexts } from '../lens/chains/texts.ts';
import type { checksTexts } from '../lens/checks/texts.ts';
import type { metricsTexts } from '../lens/metrics/texts.ts';
import type { mtrTexts } from '../lens/mtr/texts.ts';
import type { pageTexts } from '../lens/pages/texts.ts';
import type { spaceTimeTexts } from '../lens/space-time/texts.ts';
import type { lensTexts } from '../lens/texts.ts';
import type { walTexts } from '../lens/wal/texts.ts';
import type { lessonTexts } from '../lessons/texts.ts';
import type { readerTexts } from '../reader/texts.ts';
import type { selectionTexts } from '../selection/texts.ts';
import type { alertTexts } from '../story/alert-texts.ts';
import type { storyTexts } from '../story/texts.ts';
import type { untilTexts } from '../story/until-texts.ts';
import type { kindTexts } from '../time/kind-texts.ts';
import type { timeTexts } from '../time/texts.ts';

export type AreaTexts = typeof pageTexts &
  typeof actionWordTexts &
  typeof aboutTexts &
  typeof chainTexts &
  typeof metricsTexts &
  typeof mtrTexts &
  typeof checksTexts &
  typeof lensTexts &
  typeof walTexts &
  typeof spaceTimeTexts &
  typeof canvasTexts &
  typeof mapToolTexts &
  typeof dialogTexts &
  typeof commandTexts &
  typeof dockTexts &
  typeof faultTexts &
  typeof inspectorTexts &
  typeof lessonTexts &
  typeof readerTexts &
  typeof selectionTexts &
  typeof tapeTexts &
  typeof termTexts &
  typeof timeTexts &
  typeof treeTexts &
  typeof kindTexts &
  typeof storyTexts &
  typeof untilTexts &
  typeof alertTexts;
