// A trace as a file for other tools: OTLP/JSON, which collectors take, and Perfetto's protobuf.

import { otlpOf } from '../../../run-model/exports/otlp.ts';
import { perfettoOf } from '../../../run-model/exports/perfetto.ts';
import type { SpanTrace } from '../../../run-model/spans/span.ts';
import { ENGINE } from '../../../sim/engine.ts';
import { frameStore } from '../../../state/frame-store.ts';

export function otlpFile(trace: SpanTrace): Blob {
  const { frame } = frameStore.getState();
  const run = { preset: frame?.preset ?? '', seed: frame?.seed ?? 0, engine: ENGINE };
  return new Blob([JSON.stringify(otlpOf(trace, run))], { type: 'application/json' });
}

export const perfettoFile = (trace: SpanTrace): Blob =>
  new Blob([Uint8Array.from(perfettoOf(trace))], { type: 'application/x-protobuf' });
