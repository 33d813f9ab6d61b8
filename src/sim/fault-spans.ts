// Faults of the tape with their spans, for the bands of timeline and charts. A fault is over when each of its parts has been
// changed back or set anew, by whatever did that: its own end, a remedy of some of its nodes, a restart, a later fault, a
// power cut. So a band says what the world is like, and not which line of the tape looks like which.

import type { Fabric } from './fabric-state.ts';
import { stands } from './fault-parts.ts';
import type { TapeAction, TapeTables } from './tape-actions.ts';
import { printAction } from './tape-print.ts';

/** Faults that are kept; beyond it the oldest are forgotten. */
const MAX_FAULTS = 1000;

/** Takes note of a fault that was done just now. One that changed nothing to stay is an instant. */
export function beginFault(fabric: Fabric, tape: TapeTables, action: TapeAction): void {
  const kind = tape.kinds[action.kind];
  if (!kind.isFault) return;
  const parts = kind.parts?.(fabric, action) ?? [];
  const { now, faults } = fabric;
  faults.push({ text: printAction(tape, action), at: now, until: parts.length > 0 ? null : now, parts });
  if (faults.length > MAX_FAULTS) faults.shift();
}

/** Ends the faults of which nothing stands any more. To be called after whatever changes links, nodes or held messages. */
export function endFaults(fabric: Fabric): void {
  for (const fault of fabric.faults) {
    if (fault.until !== null) continue;
    fault.parts = fault.parts.filter((part) => stands(fabric, part));
    if (fault.parts.length === 0) fault.until = fabric.now;
  }
}
