// What a lens says of itself in a table of lenses (registry.ts, and each stack's own).

import type { ComponentType } from 'react';
import type { LensId } from '../../state/settings-store.ts';
import type { Subject } from '../../state/subject.ts';
import type { PlainKey } from '../i18n/i18n.ts';
import type { PinnedPage } from '../model/followed-page.ts';

export interface LensEntry {
  readonly id: LensId;
  /** Its key on the keyboard. */
  readonly digit: string;
  readonly title: PlainKey;
  readonly View: ComponentType;
  /** Of a lens of pages: says to the cards what there is of a page that a person follows, whichever lens is open. */
  readonly FollowPage?: ComponentType<{ readonly pinned: PinnedPage }>;
  /** What its architecture is about: it opens where none was chosen. */
  readonly isFirst?: true;
  /** What is seen best in it. */
  readonly subjects?: readonly Subject['kind'][];
  /** Beginnings of the kinds of events that are seen in it; the longest of all lenses wins, space-time has the others. */
  readonly events?: readonly string[];
  /** The tab in which events, or rules, with these beginnings are seen; for others it stays where it is. */
  readonly tabs?: Readonly<Record<string, string>>;
}
