// Statements that a part of the screen sends for a session which another part keeps the answers of: the console hears of a ROLLBACK that
// the strip's button sends, so that it is part of the order that the console shows and saves.

import type { Lab } from '../lab/api.ts';

export interface SentStatement {
  readonly session: string;
  readonly driver: string;
  readonly text: string;
}

/** Sends it; null: the session is not its own. */
type Taker = (lab: Lab, statement: SentStatement) => Promise<{ readonly failure: string | null }> | null;

let taker: Taker | null = null;

export const takeStatements = (to: Taker): void => {
  taker = to;
};

/** Null: nobody keeps the answers of its session. */
export const sendThrough = (lab: Lab, statement: SentStatement): ReturnType<Taker> =>
  taker?.(lab, statement) ?? null;
