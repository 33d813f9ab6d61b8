// Opens an incident on one of its sides, just before it happens, and plays on slowly enough to be followed.

import type { Time } from '../../base/ids.ts';
import { type Incident, incidentTape, openAt, type Side } from '../../incidents/incident.ts';
import type { SeenBreaking } from '../../incidents/see-it-break.ts';
import { firstAtMs, tapeWith } from '../../incidents/tape-with.ts';
import type { Lab } from '../../lab/api.ts';
import type { TapeMark } from '../../sim/tape.ts';
import { presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { incidentStore } from '../../state/incident-store.ts';
import { goTo } from '../../state/route-store.ts';
import { incidentBeats } from './incident-beats.ts';

/** Virtual µs a second. */
const SPEED = 4000;

async function standBefore(
  lab: Lab,
  incident: Incident,
  side: Side,
  beats?: readonly TapeMark[],
): Promise<void> {
  await lab.startTape(incidentTape(presets, tapes, incident, side, beats), openAt(incident));
  incidentStore.setState({ on: { id: incident.id, side, runId: lab.run().runId } });
  lab.setSpeed(SPEED);
}

export async function playIncident(lab: Lab, incident: Incident, side: Side): Promise<void> {
  goTo('lab');
  await standBefore(lab, incident, side);
  lab.play();
}

/** Stands at its first beat, for somebody who presents it. */
export async function presentIncident(lab: Lab, incident: Incident, side: Side): Promise<void> {
  goTo('present');
  await standBefore(lab, incident, side, incidentBeats(incident, side));
}

/** A planted bug that is seen to break its rule. */
export async function playBreaking(lab: Lab, shown: SeenBreaking): Promise<void> {
  const first = firstAtMs(shown.actions);
  const standAt = first === null ? null : ((Math.max(1, first - 1) * 1000) as Time);
  await lab.startTape(tapeWith(presets, tapes, shown), standAt);
  lab.setSpeed(SPEED);
  lab.play();
}
