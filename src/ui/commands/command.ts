// Commands of the palette: one line each, from the sources in sources.ts. A command does what the same thing does by
// mouse or key; it never has a second way of its own.

import type { Lab } from '../../lab/api.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { KnownPage } from './known-pages.ts';

export type CommandGroup = 'action' | 'place' | 'fault' | 'lens' | 'run' | 'term';

export interface Command {
  /** Stable between sessions: what was chosen before comes first. */
  readonly id: string;
  readonly group: CommandGroup;
  readonly label: string;
  /** Shown behind the label and not searched: in many words any letters are found. */
  readonly note?: string;
  /** Found by these too: the other language, an id, the text of the tape action. */
  readonly keywords?: readonly string[];
  readonly keys?: string | undefined;
  readonly run: () => void;
}

export interface CommandContext {
  readonly lab: Lab;
  readonly t: Translate;
  readonly frame: WorldFrame | null;
  /** The number that was typed: a place in the log to go to. */
  readonly lsn: number | null;
  /** The same as the number of an event. */
  readonly event: number | null;
  /** All that are known, and those among them of which something can be done by what was typed (pages-meant.ts). */
  readonly pages: readonly KnownPage[];
  readonly asked: readonly KnownPage[];
}

export type CommandSource = (context: CommandContext) => readonly Command[];
