// What is wrong with the conditions of a tape, for whoever opens it or writes it: read in the tape's own cluster, before anything runs.

import type { Known } from '../../sim/known.ts';
import type { Tape } from '../../sim/tape.ts';
import { readCondition } from './condition.ts';
import type { FactFault } from './fault.ts';

/** `line` and `column` count from 1. */
export interface WaitingFault {
  readonly line: number;
  readonly column: number;
  readonly error: string;
  readonly why: FactFault;
}

type Tables = Pick<Known, 'gauges' | 'presets' | 'trace'>;

/** The first condition that cannot be read in the tape's cluster, or null. */
export function waitingFault(known: Tables, tape: Tape): WaitingFault | null {
  const { header, waiting = [] } = tape;
  const cluster = (header.own ?? known.presets.findPreset(header.preset))?.cluster;
  if (cluster === undefined) return null;
  for (const { condition, line, column } of waiting) {
    const read = readCondition(known, condition, cluster, []);
    if (!read.ok) return { line, column: column + read.position, error: read.error, why: read.fault };
  }
  return null;
}
