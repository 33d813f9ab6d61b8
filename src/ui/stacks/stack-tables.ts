// What one architecture brings to the parts of the screen that load after the first picture: captions, faults, words.
// What belongs to every architecture (nodes, links, disks, clocks, clients) is the shell's own.

import type { TraceKind } from '../../core/kernel/trace.ts';
import type { CaptionEntry } from '../story/caption-table.ts';
import type { StoryStep } from '../story/story.ts';

export interface StackTables {
  readonly captions?: readonly CaptionEntry[];
  /** Kinds of event whose `last` is the last record itself; of the others it is the end of the range. */
  readonly inclusiveRanges?: readonly TraceKind[];
  readonly storySteps?: readonly StoryStep[];
}
