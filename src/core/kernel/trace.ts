// What a node's trace holds: the events of every room of core, and those a stack adds for roles of its own. Checkers and
// monitors read these events and nothing else.

import { mergeTables } from '../../base/merge-tables.ts';
import { agentTrace } from '../agent/trace-events.ts';
import { clientTrace } from '../client/trace-events.ts';
import { computeTrace } from '../compute/trace-events.ts';
import { engineTrace } from '../engine/trace-events.ts';
import { holeTrace } from '../log/trace-events.ts';
import { logStoreTrace } from '../log-store/trace-events.ts';
import { objectStoreTrace } from '../object-store/trace-events.ts';
import { pcsTrace } from '../pcs/trace-events.ts';
import { quorumLogTrace } from '../quorum-log/trace-events.ts';
import { readerTrace } from '../reader/trace-events.ts';
import { kernelTrace } from './trace-events.ts';
import type { EventsOf, TraceSpec, TraceTable } from './trace-table.ts';

const rooms = [
  kernelTrace,
  quorumLogTrace,
  engineTrace,
  logStoreTrace,
  holeTrace,
  pcsTrace,
  objectStoreTrace,
  clientTrace,
  agentTrace,
  readerTrace,
  computeTrace,
] as const;

export const coreTrace: TraceTable = mergeTables<string, TraceSpec>('kind of event', rooms);

/** Tables that stacks add, by declaration merging: `interface StackTraces { toy: typeof toyTrace }`. */
// biome-ignore lint/suspicious/noEmptyInterface: stacks extend it
export interface StackTraces {}

/** An event as a node emits it. */
export type TraceEvent = EventsOf<(typeof rooms)[number]> | EventsOf<StackTraces[keyof StackTraces]>;
export type TraceKind = TraceEvent['kind'];
/** The event of one kind. */
export type TraceOf<K extends TraceKind> = Extract<TraceEvent, { kind: K }>;
