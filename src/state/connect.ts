// Feeds the stores from a lab. The only place where the two meet.

import type { Lab } from '../lab/api.ts';
import { takeFrame } from './frame-store.ts';
import { recordSample } from './metrics-store.ts';
import { trackRecoveries } from './recovery-store.ts';
import { takeEvents, takeNotice, takeRun } from './run-store.ts';

export function connectStores(lab: Lab): () => void {
  const frame = lab.frame();
  if (frame !== null) takeFrame(frame, performance.now());
  takeRun(lab.run());
  return lab.subscribe({
    onFrame(next) {
      takeFrame(next, performance.now());
      trackRecoveries(next);
      recordSample(next);
    },
    onRun: takeRun,
    onEvents: takeEvents,
    onNotice: takeNotice,
  });
}
