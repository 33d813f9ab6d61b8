// The incident that is on: which one, on which side, in which run. Another run ends it.

import { createStore } from 'zustand/vanilla';
import type { Side } from '../incidents/incident.ts';
import { runStore } from './run-store.ts';

export interface IncidentOn {
  readonly id: string;
  readonly side: Side;
  readonly runId: string;
}

export const incidentStore = createStore<{ readonly on: IncidentOn | null }>(() => ({ on: null }));

runStore.subscribe(({ run }) => {
  const { on } = incidentStore.getState();
  if (on !== null && run !== null && run.runId !== '' && run.runId !== on.runId)
    incidentStore.setState({ on: null });
});
