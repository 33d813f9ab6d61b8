// *Report a mistake*: what a person sends who reads on the screen what is not so. The text is a tape; the lab imports it, and `sim says --tape`
// judges it. Its first lines are comments: the sentence, the claims that it was made from, the step of
// a lesson that says it, and the moment.

import type { Claim } from '../../run-model/says/claims.ts';
import type { Standing } from '../../run-model/says/standings.ts';
import { millis } from '../kit/format.ts';

/** What a step of a lesson claims, with its value at the moment. */
interface StepClaim {
  readonly kind: 'lesson';
  readonly lesson: string;
  readonly step: string;
  readonly claim: string;
  readonly value: string | number | boolean | null;
  readonly isSo: boolean;
}

/** A sentence of the screen; `claims`: what it was made from, empty where it is no claim yet; `step`: of a lesson, which says it. */
export interface Said {
  readonly text: string;
  readonly claims: readonly (Claim | Standing | StepClaim)[];
  readonly step?: string;
}

/** In a comment nothing begins a new line. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** `at`: virtual µs that the screen shows. */
export const wrongReport = ({ text, claims, step }: Said, at: number, tape: string): string =>
  [
    `# this is wrong: ${oneLine(text)}`,
    ...(step === undefined ? [] : [`# step ${step}`]),
    `# at ${millis(at)} ms`,
    ...claims.map((claim) => `# claim ${JSON.stringify(claim)}`),
    tape,
  ].join('\n');
