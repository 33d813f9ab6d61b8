// *This is wrong*: what a person sends who reads on the screen what is not so. The text is a tape; the lab imports it, and `sim says --tape`
// judges it. Its first lines are comments: the sentence, the claim that it was made from, and the moment.

import type { Claim } from '../../sim/says/claims.ts';
import type { Standing } from '../../sim/says/standings.ts';

export interface Wrong {
  readonly said: string;
  readonly claims: readonly (Claim | Standing)[];
  /** Virtual µs that the screen shows. */
  readonly at: number;
}

/** In a comment nothing begins a new line. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

export const wrongReport = ({ said, claims, at }: Wrong, tape: string): string =>
  [
    `# said: ${oneLine(said)}`,
    `# at: ${(at / 1000).toFixed(3)} ms`,
    ...claims.map((claim) => `# claim: ${JSON.stringify(claim)}`),
    tape,
  ].join('\n');
