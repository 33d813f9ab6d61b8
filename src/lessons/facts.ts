// Facts and claims (run-model/facts) in the words of every stack, as lessons have them: text, read at a state.

import {
  evaluate,
  type FactValue,
  type JudgedClaim,
  judgeClaim as judge,
} from '../run-model/facts/evaluate.ts';
import { type FactReader, makeFactReader } from '../run-model/facts/parse.ts';
import type { RunState } from '../run-model/facts/run-state.ts';
import { comparedStacks } from '../stacks/compared.ts';
import { gauges } from '../stacks/gauges.ts';
import { mutants } from '../stacks/mutants.ts';
import { traceFields, traceKinds } from '../stacks/trace.ts';

export const facts: FactReader = makeFactReader({
  kinds: traceKinds,
  fieldsOf: traceFields,
  gauges: gauges.compared,
  mutants: mutants.map(({ name }) => name),
  columns: comparedStacks.map(({ id }) => id),
  names: null,
  isFollowed: false,
});

/** The value that a fact has in this state; null: there is none (yet). Throws what cannot be read: the fault is the lesson's. */
export const readFact = (state: RunState, text: string): FactValue => evaluate(state, facts.fact(text));

/** Likewise whether a claim is so. */
export const judgeClaim = (state: RunState, claim: string): JudgedClaim => judge(state, facts.claim(claim));

export const areSo = (state: RunState, claims: readonly string[]): boolean =>
  claims.every((claim) => judgeClaim(state, claim).isSo);
