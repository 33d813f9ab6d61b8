// Which LSNs of a node at a volume in files are known: while it mounts, reads its log or asks for a slot, zero stands where it has read
// nothing yet, and that is no LSN. Pure.

import type { SharedView } from '../../../core/shared-storage/shared-view.ts';

const knowing: ReadonlySet<SharedView['phase']> = new Set(['open', 'ready', 'fenced']);
const marks = [
  'durableLsn',
  'consistentLsn',
  'redoLsn',
  'gcFloor',
  'applyLsn',
  'bgReplayedLsn',
  'readyLsn',
] as const;

/** The view with −1 for what is not known yet. */
export function knownLsns(view: SharedView): SharedView {
  if (knowing.has(view.phase)) return view;
  const known = Object.fromEntries(marks.map((mark) => [mark, view[mark] > 0 ? view[mark] : -1]));
  return { ...view, ...(known as Pick<SharedView, (typeof marks)[number]>) };
}
