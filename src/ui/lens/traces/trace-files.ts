// A trace as a file for other tools: OTLP/JSON, which collectors take, and Perfetto's protobuf.

import { ENGINE } from '../../../sim/engine.ts';
import { otlpOf } from '../../../sim/spans/otlp.ts';
import { perfettoOf } from '../../../sim/spans/perfetto.ts';
import type { SpanTrace } from '../../../sim/spans/span.ts';
import { frameStore } from '../../../state/frame-store.ts';

export function otlpFile(trace: SpanTrace): Blob {
  const { frame } = frameStore.getState();
  const run = { preset: frame?.preset ?? '', seed: frame?.seed ?? 0, engine: ENGINE };
  return new Blob([JSON.stringify(otlpOf(trace, run))], { type: 'application/json' });
}

export const perfettoFile = (trace: SpanTrace): Blob =>
  new Blob([Uint8Array.from(perfettoOf(trace))], { type: 'application/x-protobuf' });
