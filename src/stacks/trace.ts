// The events of every stack: those of the rooms of core, which are in every trace, and each stack's own.

import { coreTrace } from '../core/cluster/trace.ts';
import { makeTraceCodec, type TraceCodec } from '../sim/trace-codec.ts';
import { stacks } from './registry.ts';

export const trace: TraceCodec = makeTraceCodec([coreTrace, ...stacks.map((stack) => stack.trace)]);
export const { traceKinds, traceRank, traceFields, writeTraceEvent, readTraceEvent } = trace;
