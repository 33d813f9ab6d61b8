// The words that a step says of the run, as they are written: a number or the name of a node in them is a placeholder, never typed.

import { readdirSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'vite';
import { expect, test } from 'vitest';

const folder = new URL('./library/', import.meta.url);
/** Steps of the sources are called by letter and number: T1 to T5, P1 to P6, R1 to R7. */
const LABEL = /\b[TPR]\d\b/g;

type Call = Parameters<NonNullable<ConstructorParameters<typeof Visitor>[0]['CallExpression']>>[0];
type Expression = Call['arguments'][number];

/** What of a text is typed: a template's own parts, without what is put in. */
function typedIn(node: Expression | undefined): readonly string[] {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [];
  return node?.type === 'TemplateLiteral' ? [node.quasis.map(({ value }) => value.raw).join('…')] : [];
}

/** What `say` and `free` say, and in both languages the fields `ask`, `hint` and `after` of the other steps. */
function wordsIn(name: string, text: string): readonly string[] {
  const found: string[] = [];
  new Visitor({
    CallExpression({ callee, arguments: given }) {
      if (callee.type === 'Identifier' && /^(say|free)$/.test(callee.name))
        found.push(...given.slice(1, 3).flatMap(typedIn));
    },
    Property({ key, value }) {
      if (key.type !== 'Identifier' || !/^(ask|hint|after)$/.test(key.name)) return;
      if (value.type !== 'ObjectExpression') return;
      for (const one of value.properties)
        if (one.type === 'Property') found.push(...typedIn(one.value as Expression));
    },
  }).visit(parseSync(name, text).program);
  return found;
}

const hasTyped = (text: string): boolean =>
  /\d/.test(text.replaceAll(/\{[A-Za-z][\w-]*\}/g, '').replaceAll(LABEL, ''));

test.each(readdirSync(folder))(
  '%s has no typed number and no typed name of a node in what it says',
  (file) => {
    const words = wordsIn(file, readFileSync(new URL(file, folder), 'utf8'));
    expect(words.length).toBeGreaterThan(10);
    expect(words.filter(hasTyped)).toEqual([]);
  },
);

test('a typed number is found, one that is put in is not', () => {
  const code =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a template
    "say(at.next, 'LSN 107', `LSN ${last}`); act(a, b, { ask: { en: '{store-3} is down', zh: 'n1' } });";
  expect(wordsIn('x.ts', code).map(hasTyped)).toEqual([true, false, false, true]);
});
