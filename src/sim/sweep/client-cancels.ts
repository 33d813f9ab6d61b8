// Requests that are cancelled while they are under way, drawn for sweeps: what the loads have asked ends with an unknown outcome, and the
// same session goes on. From a stream of their own, so that the rest of a seed does not depend on them.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog, pick } from './draw-tools.ts';

/** Between two sessions whose requests are cancelled. */
const GAP_US = [200_000, 3_000_000] as const;
/** How often it is tried, and how long apart: a session is not always asking. */
const TRIES = 24;
const APART_US = [200, 20_000] as const;

/** How often a client is drawn whose transactions are of several requests: between them most can be left open. */
const STEPS_WEIGHT = 4;

/** Of so many seeds one has more of them, in those transactions only: few of the others have a COMMIT that answers ROLLBACK (FENCE-47). */
const EVERY = 5;
const AIMED_GAP_US = [50_000, 500_000] as const;

interface Client {
  readonly node: NodeId;
  readonly session: string;
}

const isOfSteps = (action: Load): boolean => action.spec.kind === 'counter-steps';
type Load = Extract<TapeAction, { readonly kind: 'workload' }>;

const clientsOf = (loads: readonly Load[], weightOf: (load: Load) => number): Client[] =>
  loads.flatMap((load) =>
    Array.from({ length: load.spec.clients * weightOf(load) }, (_, i) => ({
      node: load.node,
      session: `${load.name}/${i % load.spec.clients}`,
    })),
  );

function cancelsOf(
  prng: Prng,
  clients: readonly Client[],
  gapUs: readonly [least: number, most: number],
  chaosUs: number,
): TapeAction[] {
  const cancels: TapeAction[] = [];
  for (let at = nextBetween(prng, ...gapUs); at < chaosUs; at += nextBetween(prng, ...gapUs)) {
    const client = pick(prng, clients);
    const apart = drawLog(prng, ...APART_US);
    for (let i = 0; i < TRIES; i++)
      cancels.push({ kind: 'cancel', at: Math.min(at + i * apart, chaosUs - 1) as Time, ...client });
  }
  return cancels;
}

/** `actions`: those that start the loads. One half of the seeds has cancels, and those of `EVERY`. */
export function drawCancels(seed: number, actions: readonly TapeAction[], chaosUs: number): TapeAction[] {
  const loads = actions.filter((action) => action.kind === 'workload');
  const prng = makePrng(seed, 'cancels');
  const clients = clientsOf(loads, (load) => (isOfSteps(load) ? STEPS_WEIGHT : 1));
  const drawn = clients.length > 0 && nextChance(prng, 1, 2) ? cancelsOf(prng, clients, GAP_US, chaosUs) : [];
  const ofSteps = seed % EVERY === 0 ? clientsOf(loads.filter(isOfSteps), () => 1) : [];
  if (ofSteps.length === 0) return drawn;
  return [...drawn, ...cancelsOf(makePrng(seed, 'cancels within blocks'), ofSteps, AIMED_GAP_US, chaosUs)];
}
