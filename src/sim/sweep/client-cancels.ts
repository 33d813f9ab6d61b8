// Requests that are cancelled while they are under way, drawn for sweeps: what the loads have asked ends with an unknown outcome, and the
// same session goes on. From a stream of their own, so that the rest of a seed does not depend on them.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBetween, nextChance } from '../../base/prng.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog, pick } from './draw-tools.ts';

/** Between two sessions whose requests are cancelled. */
const GAP_US = [200_000, 3_000_000] as const;
/** How often it is tried, and how long apart: a session is not always asking. */
const TRIES = 24;
const APART_US = [200, 20_000] as const;

/** How often a client is drawn whose transactions are of several requests: between them most can be left open. */
const STEPS_WEIGHT = 4;

/** `actions`: those that start the loads. One half of the seeds has cancels. */
export function drawCancels(seed: number, actions: readonly TapeAction[], chaosUs: number): TapeAction[] {
  const prng = makePrng(seed, 'cancels');
  const clients = actions.flatMap((action): { readonly node: NodeId; readonly session: string }[] =>
    action.kind === 'workload'
      ? Array.from(
          { length: action.spec.clients * (action.spec.kind === 'counter-steps' ? STEPS_WEIGHT : 1) },
          (_, i) => ({ node: action.node, session: `${action.name}/${i % action.spec.clients}` }),
        )
      : [],
  );
  if (clients.length === 0 || !nextChance(prng, 1, 2)) return [];
  const cancels: TapeAction[] = [];
  for (let at = nextBetween(prng, ...GAP_US); at < chaosUs; at += nextBetween(prng, ...GAP_US)) {
    const client = pick(prng, clients);
    const apart = drawLog(prng, ...APART_US);
    for (let i = 0; i < TRIES; i++)
      cancels.push({ kind: 'cancel', at: Math.min(at + i * apart, chaosUs - 1) as Time, ...client });
  }
  return cancels;
}
