// Comparisons of row constructors, `(a, b) < (1, 2)` and `(a, b) IN ((1, 2), …)`, as the comparisons of their items that they stand for.

import { fail } from './failure.ts';
import { type Fields, listItems, locationOf, nodeOf, nodesOf, optionalNode, type TreeNode } from './tree.ts';
import { infixTree, junctionTree, type Tree, treeOf } from './written-tree.ts';

const EQUAL = /^=$/;
const UNEQUAL = /^(?:<>|!=)$/;
const COMPARED = /^(?:[<>]=?|<>|!?=)$/;

/** The items of `(a, b)` and `ROW(a, b)`; null: it is no row. */
const itemsOf = (node: TreeNode | null): readonly TreeNode[] | null =>
  node?.tag === 'RowExpr' ? nodesOf(node.fields, 'args') : null;

/** Two rows that are compared; null: it is no such comparison. */
export function rowComparison(fields: Fields, symbol: string): Tree | null {
  const left = itemsOf(optionalNode(fields, 'lexpr'));
  const right = itemsOf(nodeOf(fields, 'rexpr'));
  if (left === null || right === null || !COMPARED.test(symbol)) return null;
  return compared(left, right, symbol, locationOf(fields));
}

/** A row that is looked for in a list of rows; null: it is none. */
export function rowInList(fields: Fields, symbol: string): Tree | null {
  const left = itemsOf(nodeOf(fields, 'lexpr'));
  const list = nodeOf(fields, 'rexpr');
  if (left === null || list.tag !== 'List') return null;
  const tests = listItems(list).map((row) => {
    const right = itemsOf(row);
    const at = locationOf(row.fields);
    return right === null
      ? fail('42601', 'unequal number of entries in row expressions', at)
      : compared(left, right, symbol, at);
  });
  return junctionTree(UNEQUAL.test(symbol) ? 'AND_EXPR' : 'OR_EXPR', tests);
}

function compared(
  left: readonly TreeNode[],
  right: readonly TreeNode[],
  symbol: string,
  location: number,
): Tree {
  if (left.length !== right.length) fail('42601', 'unequal number of entries in row expressions', location);
  if (left.length === 0) fail('0A000', 'cannot compare rows of zero length', location);
  const pair = (i: number, sign: string): Tree =>
    infixTree(sign, treeOf(left[i] as TreeNode), treeOf(right[i] as TreeNode), location);
  const pairs = (name: string): readonly Tree[] => left.map((_, i) => pair(i, name));
  if (EQUAL.test(symbol)) return junctionTree('AND_EXPR', pairs('='));
  if (UNEQUAL.test(symbol)) return junctionTree('OR_EXPR', pairs('<>'));
  // Of the first items that differ, or are not known to be equal.
  const strict = symbol.charAt(0);
  const last = left.length - 1;
  return left.reduceRight<Tree>(
    (rest, _, i) =>
      i === last
        ? rest
        : junctionTree('OR_EXPR', [pair(i, strict), junctionTree('AND_EXPR', [pair(i, '='), rest])]),
    pair(last, symbol),
  );
}
