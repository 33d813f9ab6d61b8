// A text of SQL as the protocol's edge sees it: its statements with their syntax trees, and a text with the types of its parameters
// written into it.

import { statementsIn } from '../core/client/outcome.ts';
import type { StatementTree } from '../core/kernel/client-calls.ts';
import { SqlFailure } from '../core/sql/failure.ts';
import { STATEMENT_BYTES_MAX } from '../core/sql/limits.ts';
import { decodeTree, fieldsOf, has, integerOf, type TreeNode, textOf } from '../core/sql/tree.ts';
import { tokenAt } from '../edge/copy-data.ts';
import { typeOfId } from './binary-format.ts';

/** A statement of a text. */
export interface Statement {
  readonly text: string;
  /** Characters of the text before it. */
  readonly offset: number;
  readonly node: TreeNode;
}

export interface TextError {
  readonly sqlstate: string;
  readonly message: string;
  readonly position: number | null;
}

export type ReadText =
  | { readonly ok: true; readonly statements: readonly Statement[] }
  | { readonly ok: false; readonly error: TextError };

export type Parse = (text: string) => readonly StatementTree[];

/** Why a text is too large to be asked, or null. Its bytes are made only where they could be too many. */
export const refuseSize = (text: string): string | null =>
  text.length * 3 <= STATEMENT_BYTES_MAX || encoder.encode(text).length <= STATEMENT_BYTES_MAX
    ? null
    : `a statement and each of its parameters has at most ${STATEMENT_BYTES_MAX} bytes`;

const encoder = new TextEncoder();

/** The statements of a text, or why it has none: it does not parse, or is too large. */
export function readText(parse: Parse, text: string): ReadText {
  const tooLarge = refuseSize(text);
  if (tooLarge !== null)
    return { ok: false, error: { sqlstate: '54000', message: tooLarge, position: null } };
  try {
    const trees = parse(text);
    const nodes = statementsIn(trees);
    const statements = trees.flatMap(({ text: own, tree }, i) => {
      const node = nodes[i];
      return node === undefined ? [] : [{ text: own, offset: integerOf(decodeTree(tree), 'offset'), node }];
    });
    return statements.length === trees.length ? { ok: true, statements } : refused(trees);
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    const { sqlstate, message } = failure;
    return { ok: false, error: { sqlstate, message, position: null } };
  }
}

/** The parser's own words. */
function refused(trees: readonly StatementTree[]): ReadText {
  const root = trees[0] === undefined ? {} : decodeTree(trees[0].tree);
  const error = has(root, 'error') ? fieldsOf(root, 'error') : { message: 'syntax error' };
  const position = has(error, 'position') ? integerOf(error, 'position') : null;
  return { ok: false, error: { sqlstate: '42601', message: textOf(error, 'message'), position } };
}

/** Insertions into a text: after how many of its characters, and how many were inserted. */
export interface EditedText {
  readonly text: string;
  readonly insertions: readonly { readonly at: number; readonly count: number }[];
}

/** `$1` becomes `$1::int8` where its type was said: the engine infers from the text alone what a parameter is. */
export function typedText(text: string, types: readonly number[]): EditedText {
  if (types.every((id) => typeOfId(id) === null)) return { text, insertions: [] };
  const insertions: { at: number; count: number }[] = [];
  let typed = '';
  let characters = 0;
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at);
    at += token.length;
    characters += lengthOf(token);
    typed += token;
    const [, number] = /^\$(\d+)$/.exec(token) ?? [];
    const type = number === undefined ? null : typeOfId(types[Number(number) - 1] ?? 0);
    if (type === null) continue;
    const cast = `::${type}`;
    typed += cast;
    insertions.push({ at: characters, count: cast.length });
  }
  return { text: typed, insertions };
}

/** Where a position of the edited text lies in the client's own; both are 1-based. */
export function ownPosition({ insertions }: EditedText, position: number | null): number | null {
  if (position === null) return null;
  let own = position;
  for (const { at, count } of insertions) if (own - 1 > at) own = Math.max(at + 1, own - count);
  return own;
}

/** Code points, as PostgreSQL counts positions. */
function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
