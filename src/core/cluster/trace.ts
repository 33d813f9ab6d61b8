// The events of every room of core, as tables merged. Checkers and monitors read these events, and those of a stack's own roles, and nothing
// else.

import { mergeTables } from '../../base/merge-tables.ts';
import { agentTrace } from '../agent/trace-events.ts';
import { clientTrace } from '../client/trace-events.ts';
import { computeTrace } from '../compute/trace-events.ts';
import { engineTrace } from '../engine/trace-events.ts';
import { kernelTrace } from '../kernel/trace-events.ts';
import type { TraceSpec, TraceTable } from '../kernel/trace-table.ts';
import { holeTrace } from '../log/trace-events.ts';
import { logStoreTrace } from '../log-store/trace-events.ts';
import { objectStoreTrace } from '../object-store/trace-events.ts';
import { pcsTrace } from '../pcs/trace-events.ts';
import { quorumLogTrace } from '../quorum-log/trace-events.ts';
import { readerTrace } from '../reader/trace-events.ts';

export const coreTrace: TraceTable = mergeTables<string, TraceSpec>('kind of event', [
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
]);
