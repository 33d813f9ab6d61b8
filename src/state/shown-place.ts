// Source of the pictures: the live cluster, its past with its twins, or a tape that was opened. Whoever remembers what
// was captioned keeps the live cluster’s captions aside meanwhile: the past is looked at, it does not happen again.

import type { RunState } from '../lab/api.ts';

export type ShownPlace = 'live' | 'past' | 'tape';

export const placeOf = ({ mode, isReplay }: Pick<RunState, 'mode' | 'isReplay'>): ShownPlace =>
  isReplay ? 'tape' : mode === 'REVIEW' || mode === 'TWIN' ? 'past' : 'live';

type ShownRun = Pick<RunState, 'runId' | 'shown' | 'isReplay' | 'openedTapes'>;

/** The run and branch that is shown, by name: what was shown under another name is not of it. Empty: none yet. */
export const shownRunOf = (run: ShownRun | null): string =>
  run === null ? '' : `${run.isReplay ? `replay ${run.openedTapes}` : run.runId} ${run.shown}`;
