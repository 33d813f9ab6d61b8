// Opens an incident on one of its sides, just before it happens, and plays on slowly enough to be followed.

import type { Time } from '../../base/ids.ts';
import { type Incident, incidentTape, openAt, type Side } from '../../incidents/incident.ts';
import type { SeenBreaking } from '../../incidents/see-it-break.ts';
import { firstAtMs, tapeWith } from '../../incidents/tape-with.ts';
import type { Lab } from '../../lab/api.ts';
import { presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { incidentStore } from '../../state/incident-store.ts';
import { goTo } from '../../state/route-store.ts';

/** Virtual µs a second. */
const SPEED = 4000;

export async function playIncident(lab: Lab, incident: Incident, side: Side): Promise<void> {
  goTo('lab');
  await lab.startTape(incidentTape(presets, tapes, incident, side), openAt(incident));
  incidentStore.setState({ on: { id: incident.id, side, runId: lab.run().runId } });
  lab.setSpeed(SPEED);
  lab.play();
}

/** A planted bug that is seen to break its rule. */
export async function playBreaking(lab: Lab, shown: SeenBreaking): Promise<void> {
  const first = firstAtMs(shown.actions);
  const standAt = first === null ? null : ((Math.max(1, first - 1) * 1000) as Time);
  await lab.startTape(tapeWith(presets, tapes, shown), standAt);
  lab.setSpeed(SPEED);
  lab.play();
}
