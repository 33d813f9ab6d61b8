// Statements by number (FENCE-55): each goes to the writer whole until it has answered a request with it, afterwards only
// by its number. Which writer knows what is forgotten when the writer changes or answers UNKNOWN_STATEMENT.

import { sameBytes } from '../../base/same-bytes.ts';
import type { StatementTree } from '../kernel/client-calls.ts';
import { KEPT_STATEMENT_BYTES, type SentStatement } from '../kernel/hot-codecs.ts';

interface Numbered {
  readonly id: number;
  readonly tree: Uint8Array;
  /** The era in which the writer has taken it, or −1. */
  era: number;
}

export interface NumberedStatements {
  readonly byText: Map<string, Numbered>;
  nextId: number;
  /** Of the writer that is spoken to. */
  era: number;
  readonly limit: number;
}

export const makeNumbered = (limit: number): NumberedStatements => ({
  byText: new Map(),
  nextId: 1,
  era: 0,
  limit,
});

/** What was taken by the writer counts no longer. */
export const forgetTaken = (numbered: NumberedStatements): void => {
  numbered.era++;
};

const NOTHING = new Uint8Array(0);

/** The statements as they go into a request. */
export function statementsToSend(
  numbered: NumberedStatements,
  statements: readonly StatementTree[],
): SentStatement[] {
  return statements.map(({ text, tree }) => {
    if (text.length + tree.length > KEPT_STATEMENT_BYTES) return { id: 0, text, tree };
    const known = findNumbered(numbered, text, tree);
    const isTaken = known.era === numbered.era;
    return isTaken ? { id: known.id, text: '', tree: NOTHING } : { id: known.id, text, tree };
  });
}

/** To who keeps none by number. */
export const wholeStatements = (statements: readonly StatementTree[]): SentStatement[] =>
  statements.map(({ text, tree }) => ({ id: 0, text, tree }));

function findNumbered(numbered: NumberedStatements, text: string, tree: Uint8Array): Numbered {
  const { byText } = numbered;
  const known = byText.get(text);
  // Equal texts may have trees that say another place in a longer text.
  if (known && sameBytes(known.tree, tree)) return known;
  byText.delete(text);
  const made: Numbered = { id: numbered.nextId++, tree, era: -1 };
  byText.set(text, made);
  if (byText.size > numbered.limit) {
    for (const oldest of byText.keys()) {
      byText.delete(oldest);
      break;
    }
  }
  return made;
}

/** A request with these statements, sent in `era`, was answered. */
export function recordTaken(
  numbered: NumberedStatements,
  statements: readonly StatementTree[],
  era: number,
): void {
  if (era !== numbered.era) return;
  for (const { text, tree } of statements) {
    const known = numbered.byText.get(text);
    if (known && known.era !== era && sameBytes(known.tree, tree)) known.era = era;
  }
}
