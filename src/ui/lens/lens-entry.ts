// What a lens says of itself in a table of lenses (registry.ts, and each stack's own).

import type { ComponentType } from 'react';
import type { LensId } from '../../state/settings-store.ts';
import type { Subject } from '../../state/subject.ts';
import type { PlainKey } from '../i18n/i18n.ts';
import type { PinnedPage } from '../model/followed-page.ts';

/** Of parts of a lens, in their order: the beginnings of the kinds of events, and of the rules, that are seen in each; the longest wins. */
export type SeenIn = Readonly<Record<string, readonly string[]>>;

export interface LensEntry {
  readonly id: LensId;
  /** Its key on the keyboard. */
  readonly digit: string;
  readonly title: PlainKey;
  readonly View: ComponentType;
  /** Of a lens of pages: says to the cards what there is of a page that a person follows, whichever lens is open. */
  readonly FollowPage?: ComponentType<{ readonly pinned: PinnedPage }>;
  /** What is seen best in it. */
  readonly subjects?: readonly Subject['kind'][];
  /** Beginnings of the kinds of events that are seen in it; the longest of all lenses wins, space-time has the others. */
  readonly events?: readonly string[];
  /** Its tabs; it stays where it is for what none of them claims. */
  readonly tabs?: SeenIn;
  /** Of a lens without tabs: its pictures, one below the other; what is spoken of comes into view. The first is at its top. */
  readonly sections?: SeenIn;
}
