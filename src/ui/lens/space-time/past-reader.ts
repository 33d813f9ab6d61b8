// A stretch of the past that is asked for again and again while time goes on: each answer brings only what is new, and the
// reader keeps the rest. A stretch that begins earlier than the one before is asked for as a whole.

import type { TraceKind } from '../../../core/trace.ts';
import type { PastMessage } from '../../../sim/flights.ts';
import type { PastPicture, PastQuery } from '../../../sim/past.ts';

export interface PastWish {
  /** Whose past: another run, strand or mode shares nothing with it. */
  readonly source: string;
  readonly from: number;
  readonly to: number;
  readonly minRank: number;
  readonly kinds: readonly TraceKind[] | null;
  readonly withMessages: boolean;
}

export interface PastReader {
  ask(wish: PastWish): PastQuery;
  /** The whole stretch that the question was for. */
  take(query: PastQuery, answer: PastPicture): PastPicture;
}

const hasEnded = ({ fate }: PastMessage): boolean => fate === 'arrived' || fate === 'lost';

export function makePastReader(limit: number): PastReader {
  let kept: PastPicture | null = null;
  let keptOf: PastWish | null = null;
  return {
    ask({ source, ...wish }) {
      const follows =
        kept !== null &&
        keptOf !== null &&
        keptOf.source === source &&
        keptOf.minRank === wish.minRank &&
        keptOf.kinds === wish.kinds &&
        keptOf.withMessages === wish.withMessages &&
        wish.from >= keptOf.from &&
        wish.to >= keptOf.to;
      if (!follows) kept = null;
      keptOf = { source, ...wish };
      const known = kept === null ? null : { index: kept.events.at(-1)?.index ?? -1, at: kept.to };
      return { ...wish, known, limit };
    },
    take(query, answer) {
      if (query.known === null || kept === null) {
        kept = answer;
        return answer;
      }
      const told = new Set(answer.messages.map(({ id }) => id));
      kept = {
        ...answer,
        events: [...kept.events.filter(({ at }) => at >= query.from), ...answer.events].slice(-limit),
        messages: [
          ...kept.messages.filter((one) => hasEnded(one) && one.arrivesAt >= query.from && !told.has(one.id)),
          ...answer.messages,
        ].slice(-limit),
      };
      return kept;
    },
  };
}
