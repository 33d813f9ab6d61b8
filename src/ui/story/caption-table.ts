// The form of a caption: for each kind of event its words, its rule, how it looks and how much it matters. A stack
// brings tables of its own (src/ui/stacks/tables.ts); captions.ts joins them.

import { eventOfKind, type TraceKind, type TraceOf } from '../../core/kernel/trace.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import type { Conclusion } from '../../run-model/says/claims.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { Hue } from '../kit/button.tsx';
import type { RuleName } from '../rules/registry.ts';
import type { Story } from './story.ts';

export type CaptionIcon =
  | 'mark'
  | 'commit'
  | 'hole'
  | 'ask'
  | 'fill'
  | 'page'
  | 'drop'
  | 'token'
  | 'recovery'
  | 'cut'
  | 'heal'
  | 'down'
  | 'up'
  | 'refused'
  | 'client'
  | 'tape';

/** What a caption may look at: its event, and the story before it. */
export interface CaptionSource<K extends TraceKind> {
  readonly event: TraceOf<K>;
  readonly node: string;
  readonly story: Story;
}

/**
 * How much an event matters to who watches: ≥ 80 takes the place of what is read now, ≥ 50 waits its turn, and what is
 * below is shown when there is nothing better.
 */
export type Weight = number;
export const TAKES_PLACE: Weight = 80;

interface CaptionSpec<K extends TraceKind> {
  readonly rule: RuleName | ((source: CaptionSource<K>) => RuleName);
  readonly hue: Hue;
  readonly icon: CaptionIcon | ((source: CaptionSource<K>) => CaptionIcon);
  readonly weight: Weight | ((source: CaptionSource<K>) => Weight);
  /** It brings the picture that it speaks of (LensEntry.tabs, LensEntry.sections) though it waits its turn: what it says is seen nowhere else. */
  readonly brings?: true;
  /** Of one or several in a row, the newest last: what is concluded from them. The words are made from it. */
  readonly claim?: (all: readonly CaptionSource<K>[]) => Conclusion | null;
  /** Where there is no such claim: the event in words, by its fields. */
  readonly say?: (source: CaptionSource<K>, t: Translate) => string;
  /** Several in a row, merged: the newest last. Without it the newest speaks for all. */
  readonly many?: (all: readonly CaptionSource<K>[], t: Translate) => string;
}

/** A listed event with the story before it. */
export interface Moment {
  readonly listed: ListedEvent;
  readonly story: Story;
}

export interface CaptionEntry {
  readonly kind: TraceKind;
  readonly rule: (moment: Moment) => RuleName;
  readonly hue: Hue;
  readonly icon: (moment: Moment) => CaptionIcon;
  readonly weight: (moment: Moment) => Weight;
  readonly brings: boolean;
  /** Moments of this kind only, at least one. */
  readonly say: (moments: readonly Moment[], t: Translate) => string;
  /** What is concluded from them; its words are made from it (claim-words.ts). Null: `say` has the words. */
  readonly conclude: (moments: readonly Moment[]) => Conclusion | null;
}

export function caption<K extends TraceKind>(kind: K, spec: CaptionSpec<K>): CaptionEntry {
  const sourceOf = ({ listed, story }: Moment): CaptionSource<K> => {
    const event = eventOfKind(listed.event, kind);
    if (event === null) throw new Error(`${listed.event.kind} is not ${kind}`);
    return { event, node: listed.node, story };
  };
  return {
    kind,
    hue: spec.hue,
    rule: (moment) => (typeof spec.rule === 'function' ? spec.rule(sourceOf(moment)) : spec.rule),
    icon: (moment) => (typeof spec.icon === 'function' ? spec.icon(sourceOf(moment)) : spec.icon),
    weight: (moment) => (typeof spec.weight === 'function' ? spec.weight(sourceOf(moment)) : spec.weight),
    brings: spec.brings === true,
    conclude: (moments) => spec.claim?.(moments.map(sourceOf)) ?? null,
    say(moments, t) {
      const all = moments.map(sourceOf);
      const last = all.at(-1);
      if (last === undefined) return '';
      return all.length > 1 && spec.many !== undefined ? spec.many(all, t) : (spec.say?.(last, t) ?? '');
    },
  };
}

/** A name that a program wrote, short enough for a caption. */
export const short = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;

export const firstOf = <T>(all: readonly T[]): T => {
  const [first] = all;
  if (first === undefined) throw new Error('a caption is of one event or more');
  return first;
};
export const lastOf = <T>(all: readonly T[]): T => firstOf(all.slice(-1));
