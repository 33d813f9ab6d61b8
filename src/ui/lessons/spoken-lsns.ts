// Which LSNs a lesson speaks of, for the lenses over the log.

import type { PredictStep, SayStep } from '../../lessons/format.ts';
import type { LsnRange } from '../../state/selection-store.ts';

/** LSNs that a question asks for, else those that were pointed at. */
export function spokenLsns(question: PredictStep | null, said: SayStep | null): LsnRange | null {
  const asked = question?.question;
  if (asked?.form === 'ranges') return [asked.first, asked.last];
  if (asked?.form === 'mark') return [asked.low, asked.high + 1];
  const focus = question?.focus ?? said?.focus ?? null;
  return focus?.kind === 'lsns' ? [focus.first, focus.last] : null;
}
