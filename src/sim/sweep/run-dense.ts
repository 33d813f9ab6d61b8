// Runs a dense tape under all monitors until one of them ends it.

import type { Monitors, Violation } from '../checks/monitor.ts';
import { makeMonitors, observe } from '../checks/monitors.ts';
import type { Edge } from '../fabric-state.ts';
import { programOf } from '../programs.ts';
import { setupRun } from '../run-setup.ts';
import type { Tape } from '../tape.ts';
import type { TracedEvent } from '../types.ts';
import { NEVER } from '../types.ts';
import { makeWorld, runWorld } from '../world.ts';

export interface DenseVerdict {
  readonly violation: Violation | null;
  readonly error: string | null;
  readonly exercised: Monitors['exercised'];
}

export function runDense(tape: Tape, edge: Edge): DenseVerdict {
  const made = setupRun(tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const monitors = makeMonitors(spec.cluster, spec.params.lal);
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) observe(monitors, traced);
  };
  let error: string | null = null;
  try {
    const world = makeWorld<unknown, unknown>(spec);
    const until = tape.header.end?.at ?? NEVER;
    const stop = (): boolean => monitors.violations.length > 0;
    runWorld(world, { program: programOf(program), edge, onTrace }, { until, stop });
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  return { violation: monitors.violations[0] ?? null, error, exercised: monitors.exercised };
}
