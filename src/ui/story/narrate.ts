// Screen reader narration of a batch of events: each kind in one sentence, merged, the most important first. The same
// words as the captions'. Pure.

import type { NarrationLevel } from '../../state/settings-store.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { Moment } from './caption-table.ts';
import { captionOf, describeCaption, hasCaption } from './captions.ts';

/** Sentences read out at once; nobody listens to more. */
const SENTENCES = 4;

const wanted = (level: NarrationLevel, { listed }: Moment): boolean => {
  if (level === 'off') return false;
  if (level === 'all') return true;
  return listed.rank >= (level === 'beats' ? 3 : 2) && hasCaption(listed.event.kind);
};

/** `shown`: the kind that the caption shows already. */
export function narrate(
  moments: readonly Moment[],
  level: NarrationLevel,
  shown: string | null,
  t: Translate,
): string {
  const byKind = new Map<string, Moment[]>();
  for (const moment of moments) {
    const { kind } = moment.listed.event;
    if (kind === shown || !wanted(level, moment)) continue;
    const known = byKind.get(kind);
    if (known === undefined) byKind.set(kind, [moment]);
    else known.push(moment);
  }
  return [...byKind.values()]
    .map((group) => captionOf(group))
    .filter((caption) => caption !== null)
    .filter(({ weight }) => weight > 0 || level === 'all')
    .sort((a, b) => b.weight - a.weight)
    .slice(0, SENTENCES)
    .map((caption) => describeCaption(caption, t))
    .join(' ');
}
