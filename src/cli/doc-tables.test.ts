// What documents show of the code is what the code says: tables and snippets are made anew and compared.

import { readdirSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { entriesOf, fieldsOf, filesUnder, readSource, regionOf } from './doc-sources.ts';
import { documents, PART, prepareDocuments, renewed } from './doc-tables.ts';

beforeAll(prepareDocuments);

/** Names of all parts that a document has. */
const partsOf = (text: string): readonly string[] => [...text.matchAll(PART)].map(([, , name = '']) => name);

test('tables and snippets of documents are those of the code; npm run docs -- --write makes them anew', () => {
  const stale = documents().filter((path) => renewed(readSource(path)) !== readSource(path));
  expect(stale).toEqual([]);
});

test('every table has its place in a document, and a document of snippets has them', () => {
  const parts = documents().flatMap((path) => partsOf(readSource(path)));
  for (const name of [
    'messages',
    'rules',
    'planted bugs',
    'tape actions',
    'SQL functions',
    'folders',
    'rooms',
    'floors',
  ])
    expect(parts).toContain(`table ${name}`);
  expect(parts.filter((name) => name.startsWith('src/')).length).toBeGreaterThan(10);
  expect(new Set(parts).size).toBe(parts.length);
});

test('a snippet of TypeScript in a document comes from a file that compiles; a form in the specification is its own', () => {
  const guides = documents().filter((path) => !path.startsWith('docs/spec/'));
  const byHand = guides.flatMap((path) => {
    const text = readSource(path);
    const made = partsOf(text).filter((name) => /^(?:src|examples)\/.*\.tsx?(?:#|$)/.test(name)).length;
    const fences = [...text.matchAll(/^```tsx?$/gm)].length;
    return fences === made ? [] : [`${path}: ${fences} snippets, ${made} of them from code`];
  });
  expect(byHand).toEqual([]);
});

test('files that documents name are there; those of the journal were', () => {
  const folders = ['src', 'scripts', 'e2e', 'bench', 'examples'];
  const files = [...readdirSync('.'), ...folders.flatMap((folder) => filesUnder(folder, ''))];
  const asItIs = documents().filter((path) => !/journal\/|style\.md/.test(path));
  const gone = asItIs.flatMap((path) =>
    [...readSource(path).matchAll(/`([\w./-]+\.(?:tsx?|mjs))`/g)]
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('x.') && !files.some((file) => `/${file}`.endsWith(`/${name}`)))
      .map((name) => `${path}: ${name}`),
  );
  expect(gone).toEqual([]);
});

test('what limits.md calls not built is not there: it is named nowhere, or the product says that it is missing', () => {
  const [, section = ''] = readSource('docs/limits.md').split('## Not built yet');
  const items = section.split(/^- /m).slice(1);
  const sources = filesUnder('src', '').filter(
    (path) => /\.(?:tsx?|en\.json)$/.test(path) && !/\.test\./.test(path),
  );
  const text = sources.map(readSource).join('\n');
  expect(items.length).toBeGreaterThan(5);
  const wrong = items.filter((item) => {
    const [, how = '', what = ''] = /<!-- (nowhere|said): (.+?) -->\s*$/.exec(item) ?? [];
    return what === '' || text.includes(what) !== (how === 'said');
  });
  expect(wrong).toEqual([]);
});

test('every file of messages is in the table', () => {
  // These two say what a message is, and merge the tables.
  const files = filesUnder('src/core', '/messages.ts').filter((path) => !/\/(?:kernel|cluster)\//.test(path));
  const text = readSource('docs/spec/messages.md');
  expect(files.filter((path) => !text.includes(`\`${path}\``))).toEqual([]);
});

test('the comment above an entry is its sentence; without one there is none', () => {
  const text = `const t = {
  // a part
  /** One. */
  a: f(1),
  /**
   * Two,
   * in lines.
   */
  b: f(2, {
    /** of a field */
    c: 3,
  }),
  d: f(4),
};`;
  const entries = [...entriesOf(text, /^ {2}(\w+): /)];
  expect(entries.map(([name, { says }]) => [name, says])).toEqual([
    ['a', 'One.'],
    ['b', 'Two, in lines.'],
    ['d', ''],
  ]);
});

test('fields of a message: written out, spread, of a constant or a layout; an unknown one is an error', () => {
  const texts = [
    'const both = { one: uint, two: list(struct({ inner: uint })) };',
    'x = {\n  A: struct(three) }',
    'const three = { three: uint }',
  ];
  const of = (rest: string): readonly string[] => fieldsOf({ says: '', text: `A: ${rest}` }, 'ack', texts);
  expect(
    of(
      "message(1, ({ to }) => to, 'ack', { ...both, /** of a */ four: union({ a: variant(0, { b: uint }) }), five }),",
    ),
  ).toEqual(['one', 'two', 'four', 'five']);
  expect(of("codedMessage(1, 'store', 'ack', encoded, ({ three }) => ({ range: three })),")).toEqual([
    'three',
  ]);
  expect(of("message(1, 'store', 'ack', both),")).toEqual(['one', 'two']);
  expect(() => of("message(1, 'store', 'ack', nowhere),")).toThrow('no fields of nowhere');
});

test('a region ends at its own mark, and loses its indentation; an unknown one is an error', () => {
  const text = 'x\n// #region one\n  a\n// #region two\n    b\n// #endregion\n// #endregion\ny';
  expect(regionOf(text, 'one')).toBe('a\n  b');
  expect(regionOf(text, 'two')).toBe('b');
  expect(() => regionOf(text, 'three')).toThrow('no region three');
});
