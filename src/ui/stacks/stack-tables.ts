// What one architecture brings to the parts of the screen that load after the first picture: captions, faults, words.
// What belongs to every architecture (nodes, links, disks, clocks, clients) is the shell's own.

import type { LucideIcon } from 'lucide-react';
import type { MessageFamily } from '../../core/kernel/message-label.ts';
import type { Role } from '../../core/kernel/view.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import type { Rule, RuleSlug } from '../../sim/checks/monitor.ts';
import type { LensId } from '../../state/settings-store.ts';
import type { ActionWords } from '../faults/action-table.ts';
import type { FaultEntry } from '../faults/entry.ts';
import type { MenuSubject } from '../faults/menu-store.ts';
import type { PlainKey } from '../i18n/i18n.ts';
import type { Clue } from '../lens/checks/clue.ts';
import type { MetricsTable } from '../lens/metrics/metrics-table.ts';
import type { PictureEntry } from '../model/picture-entry.ts';
import type { TimelineLane } from '../model/timeline-lane.ts';
import type { Disagreement, ModelRow } from '../rules/model-row.ts';
import type { Term } from '../rules/term.ts';
import type { CaptionEntry } from '../story/caption-table.ts';
import type { StoryStep } from '../story/story.ts';

/** The message families that go from a node of one role to one of another. */
export type Route = readonly [from: Role, to: Role, families: readonly MessageFamily[]];

export interface LensView {
  readonly id: string;
  readonly of: MenuSubject['kind'];
  readonly label: PlainKey;
  readonly icon: LucideIcon;
  readonly lens: LensId;
}

export interface StackTables {
  readonly id: string;
  readonly pictures?: readonly PictureEntry[];
  /** Its part of the page "What is modelled". */
  readonly about?: {
    readonly rows: readonly ModelRow[];
    readonly disagreements: readonly Disagreement[];
  };
  readonly actionWords?: readonly ActionWords[];
  /** Words of the steps at which a crash can be aimed. */
  readonly crashMoments?: Readonly<Record<string, PlainKey>>;
  readonly faults?: readonly FaultEntry[];
  /** What of a picture the palette offers faults for, beside nodes, zones, links and messages. */
  readonly faultSubjects?: (frame: WorldFrame) => readonly MenuSubject[];
  /** Rules that no monitor watches and captions name, by slug. */
  readonly explainedRules?: Readonly<Record<string, Rule>>;
  /** Its part of the glossary. */
  readonly terms?: readonly Term[];
  readonly routes?: readonly Route[];
  readonly captions?: readonly CaptionEntry[];
  /** Where the facts of a violated rule stand in the trace. */
  readonly clues?: Readonly<Partial<Record<RuleSlug, Clue>>>;
  /** What the menu of a subject leads to. */
  readonly lensViews?: readonly LensView[];
  readonly metrics?: MetricsTable;
  /** Of the timeline, between faults and the density of events. */
  readonly lanes?: readonly TimelineLane[];
  readonly storySteps?: readonly StoryStep[];
}
