// The LSNs that a lens over the log shows: those that a lesson speaks of now, else the usual, else what a person has chosen
// since. A choice of one's own holds until the lesson speaks of others.

import { useMemo, useState } from 'react';
import { type LsnRange, useSelection } from '../../state/selection-store.ts';

interface Own<T> {
  readonly spoken: LsnRange | null;
  readonly scope: T;
}

/** `over` and `usual` have to be the same from call to call. */
export function useSpokenScope<T>(
  usual: T,
  over: (spoken: LsnRange) => T,
): readonly [scope: T, setScope: (next: T) => void] {
  const spoken = useSelection(({ lsns }) => lsns);
  const [own, setOwn] = useState<Own<T> | null>(null);
  const given = useMemo(() => (spoken === null ? usual : over(spoken)), [spoken, usual, over]);
  const scope = own !== null && own.spoken === spoken ? own.scope : given;
  return [scope, (next) => setOwn({ spoken, scope: next })];
}

/** A window of at least so many LSNs, and at most so many, that ends a little after those that are spoken of. */
export function windowOver(
  [first, last]: LsnRange,
  least: number,
  most: number,
): { readonly span: number; readonly end: number } {
  const margin = Math.max(4, Math.ceil((last - first) / 32));
  const span = Math.min(most, Math.max(least, last - first + 2 * margin));
  return { span, end: Math.max(span, last + margin) };
}
