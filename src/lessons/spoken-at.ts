// What a step's words rest on: its facts read from the state at the instant at which they are shown, and whether what they claim is so
// there. In the lesson's own run it is (lessons.world.test.ts); a person may have done something else.

import { judgeClaim, readFact } from './facts.ts';
import type { LessonStep } from './format.ts';
import type { LessonState } from './lesson-state.ts';
import { placesIn, type Spoken, type StepPart, textsOf } from './spoken.ts';

const claimsOf = (step: LessonStep, part: StepPart): readonly string[] =>
  part === 'step' ? step.claims : step.kind === 'predict' ? step.afterClaims : [];

export function spokenAt(step: LessonStep, part: StepPart, state: LessonState): Spoken {
  const needed = new Set(textsOf(step, part).flatMap(({ en, zh }) => [...placesIn(en), ...placesIn(zh)]));
  const read = Object.entries(step.facts)
    .filter(([name]) => needed.has(name))
    .map(([name, fact]) => [name, readFact(state, fact)] as const);
  const claims = claimsOf(step, part).map((claim) => judgeClaim(state, claim));
  return {
    isSo: read.every(([, value]) => value !== null) && claims.every(({ isSo, isOwn }) => isSo || isOwn),
    claims,
    values: Object.fromEntries(read.map(([name, value]) => [name, value === null ? '–' : String(value)])),
  };
}
