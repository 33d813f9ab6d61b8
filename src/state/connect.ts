// Feeds the stores from a lab. The only place where the two meet.

import type { Lab, RunState } from '../lab/api.ts';
import { mustWait } from '../lab/recorded-picture.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import { takeOther } from './branch-store.ts';
import { recordVisit } from './first-picture.ts';
import { frameStore, showNewest, takeFrame } from './frame-store.ts';
import { recordSample } from './metrics-store.ts';
import { takeNewEvents } from './new-events-store.ts';
import { originOf, takeForks } from './of-run.ts';
import { trackRecoveries } from './recovery-store.ts';
import { takeEvents, takeNotice, takeRun } from './run-store.ts';
import { letGoFor } from './selection-store.ts';
import { placeOf, shownRunOf } from './shown-place.ts';

/** Of which run and place the pictures are. */
const pictureOf = (run: RunState): string => `${placeOf(run)} ${shownRunOf(run)}`;

/** `first`: the recorded picture that is on screen until the cluster has come to it. */
export function connectStores(lab: Pick<Lab, 'run' | 'subscribe'>, first: WorldFrame | null): () => void {
  let held = first;
  let isVisitRecorded = false;
  if (first !== null) takeFrame(first, performance.now());
  takeRun(lab.run());
  let origin = originOf(lab.run());
  let shown = pictureOf(lab.run());
  return lab.subscribe({
    onFrame(next) {
      // Of a cluster that boots: what a tab shows that only watches is another's, wherever that stands.
      if (next === first || (lab.run().mode === 'BOOTING' && mustWait(held, next))) return;
      held = null;
      letGoFor(frameStore.getState().frame, next, false);
      takeFrame(next, performance.now());
      trackRecoveries(next, placeOf(lab.run()));
      const run = [shownRunOf(lab.run()), next.preset, next.seed].join(' ');
      recordSample(next, { run, mode: lab.run().mode });
    },
    onRun(run) {
      takeForks(run);
      if (shown !== pictureOf(run)) showNewest();
      shown = pictureOf(run);
      takeRun(run);
      const before = origin;
      origin = originOf(run);
      const { frame } = frameStore.getState();
      if (frame !== null && before !== '' && origin !== before) letGoFor(frame, frame, true);
      if (isVisitRecorded || (run.mode !== 'LIVE' && run.mode !== 'PAUSED')) return;
      isVisitRecorded = true;
      recordVisit();
    },
    onEvents(picked) {
      takeEvents(picked);
      takeNewEvents(picked.newEvents);
    },
    onNotice: takeNotice,
    onOther: takeOther,
  });
}
