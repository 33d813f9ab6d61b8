// Every Chinese text of a source file with the English that stands beside it, found in the syntax: `{ en, zh }`, and two strings
// side by side. What has no partner stands alone.

import { parseSync } from 'vite';

export interface ChineseText {
  readonly zh: string;
  readonly en: string | null;
  /** Where the text stands in its file. */
  readonly start: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const han = /\p{Script=Han}/u;

/** The words of a literal; what a template puts in stands as `{}`. */
function wordsOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type === 'TSAsExpression') return wordsOf(node.expression);
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    const [left, right] = [wordsOf(node.left), wordsOf(node.right)];
    return left === null || right === null ? null : left + right;
  }
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node.quasis)) return null;
  return node.quasis.map((part: { value: { cooked: string | null } }) => part.value.cooked ?? '').join('{}');
}

function propertiesOf(node: unknown): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  if (!isNode(node) || node.type !== 'ObjectExpression' || !Array.isArray(node.properties)) return found;
  for (const each of node.properties as readonly Node[]) {
    if (!isNode(each.key)) continue;
    const name = each.key.type === 'Identifier' ? each.key.name : each.key.value;
    if (typeof name === 'string') found.set(name, each.value);
  }
  return found;
}

/** Functions whose arguments are a text in English and the same in Chinese, whatever letters it has. */
const pairing = new Set(['both', 'words', 'gloss']);

export function chineseTexts(path: string, source: string): readonly ChineseText[] {
  const { program } = parseSync(path, source);
  const found = new Map<number, ChineseText>();
  const add = (zh: unknown, en: unknown): void => {
    const text = wordsOf(zh);
    if (text === null || !isNode(zh) || (found.has(zh.start) && en === null)) return;
    found.set(zh.start, { zh: text, en: wordsOf(en), start: zh.start });
  };
  /** `[en, zh]`, or arguments of which one is Chinese and the one before it is its English. */
  const pairSiblings = (siblings: readonly unknown[], always: boolean): void => {
    siblings.forEach((each, at) => {
      const [zh, en] = [wordsOf(each), at === 0 ? null : wordsOf(siblings[at - 1])];
      if (zh === null || en === null || han.test(en)) return;
      if (han.test(zh) || (always && at === 1)) add(each, siblings[at - 1]);
    });
  };

  function visit(node: unknown): void {
    if (Array.isArray(node)) {
      for (const each of node) visit(each);
      return;
    }
    if (!isNode(node)) return;
    const { type } = node;
    if (type === 'TSPropertySignature' || type === 'TSTypeAliasDeclaration') return;
    if (type === 'ObjectExpression') {
      const fields = propertiesOf(node);
      if (fields.has('zh')) add(fields.get('zh'), fields.get('en') ?? null);
    }
    if (type === 'CallExpression' && Array.isArray(node.arguments) && isNode(node.callee)) {
      const name = typeof node.callee.name === 'string' ? node.callee.name : '';
      pairSiblings(node.arguments, pairing.has(name));
    }
    if (type === 'ArrayExpression' && Array.isArray(node.elements)) pairSiblings(node.elements, false);
    const alone = wordsOf(node);
    if (alone !== null && han.test(alone)) add(node, null);
    if (alone !== null) return;
    for (const [field, value] of Object.entries(node)) if (field !== 'type') visit(value);
  }

  visit(program);
  return [...found.values()].sort((a, b) => a.start - b.start);
}
