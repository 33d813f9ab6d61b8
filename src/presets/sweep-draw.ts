// What a seed of the sweep draws (PRE-5): every parameter from its sweep column with the seed's own stream, kept to
// what must hold together (PRE-6), and a load. The result is written into the tape as `set` lines.

import { makePrng, nextBelow, nextBetween, type Prng } from '../base/prng.ts';
import type { WorkloadKind, WorkloadSpec } from '../core/door.ts';
import type { Params } from '../core/params.ts';
import { checkTogether, type ParameterSpec, parameters, profileValue, roundTripUs } from './parameters.ts';

type Draft = { -readonly [K in keyof Params]: Params[K] };

function drawValue(prng: Prng, spec: ParameterSpec, draft: Draft): number {
  const { sweep } = spec;
  switch (sweep.kind) {
    case 'range':
      return nextBetween(prng, sweep.low, sweep.high);
    case 'fromFloor':
      return nextBetween(prng, draft.latencyFloorUs, sweep.high);
    case 'choice':
      return sweep.values[nextBelow(prng, sweep.values.length)] ?? spec.demo;
    case 'times':
      return draft[sweep.of] * sweep.factor;
    case 'rtt': {
      // In sixteenths of the factor, so that the draw is an integer.
      const sixteenths = nextBetween(prng, sweep.low * 16, sweep.high * 16);
      return Math.max(sweep.least, Math.ceil((roundTripUs(draft) * sixteenths) / 16_000));
    }
    case 'fixed':
      return spec.demo;
  }
}

/** Lowers what PRE-6 wants lower than another parameter. */
function keepTogether(draft: Draft): void {
  draft.maxRetryMs = Math.max(draft.maxRetryMs, draft.attemptTimeoutMs + 1);
}

export type Change = readonly [name: keyof Params, value: number];

/** The parameters that the seed draws, as changes to the sweep profile. */
export function drawSweepChanges(seed: number): readonly Change[] {
  const prng = makePrng(seed, 'sweep:parameters');
  const draft = Object.fromEntries(
    parameters.map((spec) => [spec.name, profileValue(spec, 'sweep')]),
  ) as unknown as Draft;
  for (const spec of parameters) {
    const value = drawValue(prng, spec, draft);
    draft[spec.name] = Math.max(spec.min, Math.min(spec.max, value));
  }
  keepTogether(draft);
  const error = checkTogether(draft);
  if (error !== null) throw new Error(`seed ${seed} draws what does not fit together: ${error}`);
  return parameters
    .filter((spec) => draft[spec.name] !== profileValue(spec, 'sweep'))
    .map((spec) => [spec.name, draft[spec.name]] as const);
}

/** The load that the seed draws: 4 to 12 clients, 20 to 200 ms of thinking, half of all operations on five keys. */
export function drawSweepLoad(seed: number, kind: WorkloadKind): WorkloadSpec {
  const prng = makePrng(seed, 'sweep:load');
  return {
    kind,
    rows: 50,
    clients: nextBetween(prng, 4, 12),
    thinkUs: nextBetween(prng, 20_000, 200_000),
    ratePerSecond: 0,
    readPercent: nextBetween(prng, 20, 60),
    hotPercent: 50,
    valueBytes: nextBetween(prng, 8, 100),
    load: true,
  };
}
