// For the lint of lessons: what each step claims, and what stands in braces in its words (docs/lessons.md, Facts and claims).

import { type Director, stateOf } from './director.ts';
import { judgeClaim, readFact } from './facts.ts';
import type { Lesson, LessonStep, Words } from './format.ts';
import { placesIn, textsOf as saidAt } from './spoken.ts';

/** Words that a step says of the run, at one of its moments; a question and free time claim nothing. */
const claimsOf = (step: LessonStep): readonly (readonly string[])[] => {
  switch (step.kind) {
    case 'say':
      return [step.claims];
    case 'predict':
      // That the truth is the answer it speaks of is a claim as well.
      return [step.says === null ? step.afterClaims : ['says', ...step.afterClaims]];
    default:
      return [];
  }
};

const textsOf = (step: LessonStep): readonly Words[] => [
  ...saidAt(step, 'step'),
  ...(step.kind === 'predict' ? saidAt(step, 'reveal') : []),
  ...(step.kind === 'free' ? step.suggest.map(({ text }) => text) : []),
];

/** Steps that say something of the run and claim nothing. */
export const silentSteps = ({ steps }: Lesson): readonly string[] =>
  steps.filter((step) => claimsOf(step).some((claims) => claims.length === 0)).map(({ id }) => id);

/** Of the steps after the first that say something: all, and those with a claim that is not so at this instant. */
export function freshSteps(
  { steps }: Lesson,
  at: Director,
): { readonly all: number; readonly fresh: number } {
  const state = stateOf(at);
  const [, ...later] = steps.filter(({ kind }) => kind === 'say');
  const fresh = later.filter(({ claims }) => claims.some((claim) => !judgeClaim(state, claim).isSo));
  return { all: later.length, fresh: fresh.length };
}

/** Names in braces that are no fact of their step, nor a node, group or volume that the run has had. */
export function unknownPlaces({ steps }: Lesson, end: Director): readonly string[] {
  const state = stateOf(end);
  const { cluster } = end.stage.world.fabric;
  const known = new Set([
    ...cluster.nodes.map(({ id }) => `${id}`),
    ...cluster.groups.map(({ id }) => `${id}`),
    ...state.traced('group.made').map(({ event }) => String(Reflect.get(event, 'group'))),
    ...state.traced('recovery.done').map(({ event }) => String(Reflect.get(event, 'volume'))),
  ]);
  return steps.flatMap((step) =>
    textsOf(step)
      .flatMap(({ en, zh }) => [...placesIn(en), ...placesIn(zh)])
      .filter((name) => step.facts[name] === undefined && !known.has(name)),
  );
}

/** Facts that no word of their step speaks of; one that cannot be read throws. */
export const unusedFacts = ({ steps }: Lesson, end: Director): readonly string[] =>
  steps.flatMap((step) =>
    Object.entries(step.facts).flatMap(([name, fact]) => {
      readFact(stateOf(end), fact);
      return textsOf(step).some(({ en }) => placesIn(en).includes(name)) ? [] : [`${step.id} ${name}`];
    }),
  );
