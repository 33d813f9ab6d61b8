// Holds the whole project against its conventions (tidy-rules.ts), then the rules against bad snippets.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { messageTable } from './core/cluster/messages.ts';
import { circlesOf } from './testing/circles.ts';
import {
  checkCitations,
  checkCitedPages,
  checkDeterminism,
  checkForm,
  checkImports,
  checkLength,
  checkLines,
  checkName,
  checkStateless,
  checkText,
  countWords,
  documentWordLimit,
  findDefinedRules,
  findHeadingLinks,
  findHeadings,
  findLinks,
  layers,
} from './testing/tidy-rules.ts';

/** Files that may be longer than a file should be, each with its reason. */
const longFiles = new Map([['src/words/types.ts', 'written by scripts/words.mjs: a line a key']]);

const skippedFolders = new Set([
  'node_modules',
  '.git',
  'dist',
  'lib',
  'test-results',
  'playwright-report',
  '.cache',
]);

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return skippedFolders.has(entry.name) ? [] : listFiles(path);
  });
}

const read = (path: string): string => readFileSync(path, 'utf8');
const allFiles = listFiles('.');
const textFiles = allFiles.filter((path) =>
  /\.(ts|tsx|mjs|css|html|json|md|svg|tape|txt)$|^\.ci\//.test(path),
);
const codeFiles = textFiles.filter((path) => /\.(ts|tsx|mjs)$/.test(path));
const sources = codeFiles.filter((path) => path.startsWith('src/'));

test('there is something to check', () => {
  expect(sources.length).toBeGreaterThan(20);
  expect(sources).toContain('src/base/prng.ts');
});

/** What a source imports of the project, by its path. */
function projectImports(path: string): readonly string[] {
  const named = [...read(path).matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map((found) => found[1] ?? '');
  return named.map((name) => posix.normalize(posix.join(posix.dirname(path), name)));
}

test('no circle of imports goes through two rooms of core, but one; the largest are not larger than they were', () => {
  const product = sources.filter(
    (path) => path.startsWith('src/') && !/\.test\.|fixture|\/testing\//.test(path),
  );
  const isProduct = new Set(product);
  const circles = circlesOf(
    new Map(product.map((path) => [path, projectImports(path).filter((one) => isProduct.has(one))])),
  );
  const roomOf = (path: string): string => path.split('/').slice(1, 3).join('/');
  const ofCore = circles.filter((circle) => circle.some((path) => path.startsWith('src/core/')));
  const rooms = ofCore.map((circle) => [...new Set(circle.map(roomOf))].sort().join(' '));
  // A record names the pages that it changes, and their checks read records.
  expect(rooms.filter((names) => names.includes(' '))).toEqual(['core/log core/page']);
  // SQL's analysis, plans and operators; the engine; the metadata; charts and rules with the stacks' own; the tape and its actions.
  const most = [85, 42, 35, 31, 18];
  const larger = circles
    .slice(0, most.length)
    .flatMap((circle, i) =>
      circle.length > (most[i] ?? 0)
        ? [
            `a circle of ${circle.length} files, ${most[i]} are allowed: cut an import of ${circle[0]} …; an operator of SQL may add one`,
          ]
        : [],
    );
  expect(larger).toEqual([]);
});

test('a circle is found with all its files, and what only leads to it is none of it', () => {
  const imports = { a: ['b'], b: ['c', 'e'], c: ['a'], d: ['a'], e: [], f: ['g'], g: ['f'] };
  expect(circlesOf(new Map(Object.entries(imports)))).toEqual([
    ['a', 'b', 'c'],
    ['f', 'g'],
  ]);
});

test('imports go one way, also between the rooms of core and the floors of ui, no barrels', () => {
  expect(sources.flatMap((path) => checkImports(path, read(path)))).toEqual([]);
});

test('base, core and sim use nothing that differs between machines or moments', () => {
  expect(sources.flatMap((path) => checkDeterminism(path, read(path)))).toEqual([]);
});

test('files are kebab-case and say what they hold', () => {
  expect(codeFiles.flatMap((path) => [...checkName(path)])).toEqual([]);
});

test('sources open with a comment and export names', () => {
  const shipped = sources.filter((path) => path !== 'src/main.tsx');
  expect(shipped.flatMap((path) => checkForm(path, read(path)))).toEqual([]);
});

test('a module of core, sim and presets keeps nothing between calls: their tests share loaded modules', () => {
  expect(sources.flatMap((path) => checkStateless(path, read(path)))).toEqual([]);
});

test('files are short, or have a reason', () => {
  const counted = textFiles.filter((path) => /\.(ts|tsx|mjs|css)$/.test(path));
  expect(counted.flatMap((path) => checkLength(path, read(path), longFiles))).toEqual([]);
  expect([...longFiles.keys()].filter((path) => !counted.includes(path))).toEqual([]);
});

test('no machine paths, no pointers outside the project, one Chinese word for a crash', () => {
  const checked = textFiles.filter((path) => !/^src\/(tidy|testing)/.test(path));
  expect(checked.flatMap((path) => checkText(path, read(path)))).toEqual([]);
});

test('links of documents lead to files of the project', () => {
  const documents = textFiles.filter((path) => path.endsWith('.md'));
  const broken = documents.flatMap((path) =>
    findLinks(read(path))
      .filter((link) => !existsSync(join(dirname(path), link)))
      .map((link) => `${path}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test('links of documents to a heading lead to one', () => {
  const files = textFiles.filter((path) => path.endsWith('.md'));
  const links = files.flatMap((path) =>
    findHeadingLinks(read(path)).map(([link, heading]) => {
      const target = link === '' ? path : posix.normalize(posix.join(dirname(path), link));
      return { path, target, heading };
    }),
  );
  expect(links.length).toBeGreaterThan(20);
  const broken = links.filter(
    ({ target, heading }) => target.endsWith('.md') && !findHeadings(read(target)).has(heading),
  );
  expect(broken).toEqual([]);
});

test('rule ids cited in code are rules of the specification', () => {
  const specification = textFiles.filter((path) => path.startsWith('docs/spec/')).map(read);
  const defined = new Set(specification.flatMap(findDefinedRules));
  expect(defined.size).toBeGreaterThan(400);
  const citing = codeFiles.filter((path) => !/^src\/(tidy|testing)/.test(path));
  expect(citing.flatMap((path) => checkCitations(path, read(path), defined))).toEqual([]);
});

test('rules that are cited with their page stand on it', () => {
  const pages = new Map(
    textFiles
      .filter((path) => path.startsWith('docs/spec/'))
      .map((path) => [path.slice('docs/spec/'.length), new Set(findDefinedRules(read(path)))]),
  );
  const citing = textFiles.filter((path) => !/^src\/(tidy|testing)|^docs\/journal/.test(path));
  expect(citing.flatMap((path) => checkCitedPages(path, read(path), pages))).toEqual([]);
});

/** What anybody is asked to read; the journal is what was. */
const documents = textFiles.filter((path) => /^(?:README|docs\/(?:spec\/)?[\w-]+)\.md$/.test(path));

test('no line of a document is too long to be read', () => {
  expect(documents.length).toBeGreaterThan(30);
  expect(documents.flatMap((path) => checkLines(path, read(path)))).toEqual([]);
});

test('all documents together can be read in a day', () => {
  const words = documents.reduce((sum, path) => sum + countWords(read(path)), 0);
  expect(words).toBeGreaterThan(30_000);
  expect(words, 'cut what is said twice; history goes to docs/journal').toBeLessThanOrEqual(
    documentWordLimit,
  );
});

const badImports: readonly (readonly [string, string, RegExp])[] = [
  ['src/base/a.ts', "import { b } from '../core/door.ts';", /base must not import/],
  ['src/core/log/a.ts', "import type { W } from '../../sim/world.ts';", /core must not import/],
  ['src/core/log/a.ts', "const x = await import('../../host/fabric.ts');", /core must not import/],
  ['src/core/log/a.ts', "let w: import('../../lab/api.ts').Lab;", /core must not import/],
  ['src/sim/a.ts', "export { run } from '../host/fabric.ts';", /sim must not import/],
  ['src/sim/a.ts', "import { x } from 'idb';", /must not import the package idb/],
  ['src/host/a.ts', "new Worker(new URL('../ui/w.ts', import.meta.url));", /host must not import/],
  ['src/host/a.ts', "import { api } from '../lab/api.ts';", /host must not import/],
  ['src/core/log/a.test.ts', "import { w } from '../../sim/world.ts';", /core must not import/],
  ['src/sim/a.ts', "import { loadSqlEdge } from '../edge/sql-edge.ts';", /sim must not import/],
  ['src/sim/a.ts', "import { s } from '../run-model/picture/frame.ts';", /sim must not import/],
  ['src/state/a.ts', "import { App } from '../ui/app.tsx';", /state must not import/],
  ['src/cli/a.ts', "import { s } from '../state/store.ts';", /cli must not import/],
  ['src/core/client/a.ts', "import { s } from '../log-store/store.ts';", /must not import core\/log-store/],
  ['src/core/log/a.ts', "import { s } from '../log-store/store.ts';", /must not import core\/log-store/],
  [
    'src/core/kernel/door.ts',
    "import { s } from '../log-store/store.ts';",
    /must not import core\/log-store/,
  ],
  [
    'src/core/log-store/replica/a.ts',
    "import { s } from '../base/base-import.ts';",
    /log-store\/replica must not import log-store\/base/,
  ],
  [
    'src/core/log-store/scrub/a.ts',
    "import { s } from '../store-tables.ts';",
    /log-store\/scrub must not import/,
  ],
  ['src/sim/a.ts', "import { s } from '../stacks/toy/stack.ts';", /through a registry only/],
  ['src/sim/a.ts', "import { stacks } from '../stacks/registry.ts';", /sim must not import/],
  ['src/stacks/polardb/a.ts', "import { s } from '../cynosdb/stack.ts';", /through a registry only/],
  ['src/ui/frame/a.ts', "import { s } from '../stacks/toy/cards.tsx';", /through a registry only/],
  ['src/ui/stacks/toy/a.ts', "import { s } from '../../../stacks/cynosdb/a.ts';", /through a registry only/],
  ['src/ui/kit/a.ts', "import { n } from '../model/node-facts.ts';", /ui\/kit must not import ui\/model/],
  [
    'src/ui/canvas/a.tsx',
    "import type { D } from '../dock/event.ts';",
    /ui\/canvas must not import ui\/dock/,
  ],
  ['src/ui/lab-context.ts', "import { A } from './frame/app.tsx';", /ui\/ must not import ui\/frame/],
  ['src/ui/attic/a.ts', "import { b } from '../kit/button.tsx';", /ui\/attic is on no floor/],
  ['src/ui/a.ts', "export * from './b.ts';", /no barrels/],
  ['src/ui/a.ts', "import { b } from './b';", /lacks its extension/],
  ['src/ui/a.ts', "import { b } from '../../bench/b.ts';", /outside src/],
  ['src/ui/a.ts', "import { main } from '../main.tsx';", /ui must not import/],
];

test.each(badImports)('the rules refuse in %s: %s', (path, text, expected) => {
  expect(checkImports(path, text).join('\n')).toMatch(expected);
});

test('READ-2 READ-3 the engine knows nothing of the log’s transport, of stores and of readers', () => {
  for (const room of ['reader', 'quorum-log', 'log-store', 'compute', 'pcs', 'client'])
    expect(checkImports('src/core/engine/a.ts', `import { s } from '../${room}/a.ts';`)).not.toEqual([]);
});

test('a half-open range is [first, end) in base, core, sim, run-model and the specification; `last` is in its range', () => {
  const texts = textFiles.filter((path) => /^(src\/(base|core|sim|run-model)|docs\/spec)\//.test(path));
  const openEnd = /\[first, last\)|(?:lsn|LSN) < last\b|first >= last\b|\bgapLast\b/;
  const found = texts.flatMap((path) => {
    const at = openEnd.exec(read(path));
    return at === null ? [] : [`${path}: ${at[0]}`];
  });
  expect(found).toEqual([]);
});

// hot-codecs.ts has hand-written codecs of fields that several rooms send.
test('the kernel names no message: rooms and stacks declare theirs into it', () => {
  const kernel = sources.filter(
    (path) => /^src\/core\/kernel\/[\w-]+\.ts$/.test(path) && !/test|fixture|hot-codecs/.test(path),
  );
  const kinds = new Set(Object.keys(messageTable));
  const named = kernel.flatMap((path) =>
    [...read(path).matchAll(/'([A-Z]\w+)'/g)]
      .map(([, name = '']) => name)
      .filter((name) => kinds.has(name))
      .map((name) => `${path}: ${name}`),
  );
  expect(named).toEqual([]);
});

test('every folder of src, room of core and folder of ui is described in the architecture', () => {
  const { folders, rooms, floors } = layers;
  const of = (folder: string): readonly string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
      .map(({ name }) => name)
      .sort();
  expect(Object.keys(folders).sort()).toEqual(of('src'));
  expect(Object.keys(rooms).sort()).toEqual(of('src/core'));
  expect(
    floors
      .flat()
      .filter((name) => name !== '')
      .sort(),
  ).toEqual(of('src/ui'));
});

test('the rules allow what the architecture allows', () => {
  const allowed: readonly (readonly [string, string])[] = [
    ['src/core/cluster/messages.ts', "import { s } from '../log-store/messages.ts';"],
    [
      'src/core/log-store/replica/a.ts',
      "import { s } from '../../log/holes.ts'; import type { D } from '../../kernel/door.ts';",
    ],
    ['src/host/a.ts', "import { stacks } from '../stacks/registry.ts';"],
    ['src/sim/a.test.ts', "import { known } from '../stacks/known.ts';"],
    ['src/stacks/registry.ts', "import { toy } from './toy/stack.ts';"],
    ['src/lab/a.ts', "new Worker(new URL('../host/fabric-worker.ts', import.meta.url));"],
    ['src/ui/a.tsx', "import { x } from 'react'; import './a.css'; const a = <p>{x}</p>;"],
    [
      'src/core/log-store/replica/a.test.ts',
      "import { s } from '../../engine/heap.ts'; import { test } from 'vitest';",
    ],
    ['src/core/client/a.test.ts', "import { parseSql } from '../../edge/sql-parser.ts';"],
    [
      'src/ui/canvas/a.tsx',
      "import { m } from '../model/node-facts.ts'; import { s } from '../stacks/registry.ts';",
    ],
    [
      'src/ui/stacks/toy/card.tsx',
      "import { C } from '../../canvas/a.tsx'; import type { R } from '../stack-ui.ts';",
    ],
    [
      'src/ui/frame/a.tsx',
      "import { I } from '../inspector/inspector.tsx'; import { l } from '../lab-context.ts';",
    ],
    ['src/ui/i18n/a.test.ts', "const here = new URL('../', import.meta.url);"],
  ];
  expect(allowed.flatMap(([path, text]) => checkImports(path, text))).toEqual([]);
});

const badCode: readonly (readonly [string, RegExp])[] = [
  ['const t = Date.now();', /Date/],
  ['const t = new Date();', /Date/],
  ['const r = Math.random();', /Math\.random/],
  ['const r = Math.pow(2, x);', /Math\.pow/],
  ["const r = Math['log'](2);", /Math\.\[…\]/],
  ['const { log } = Math;', /Math as a value/],
  ['const r = a ** b;', /\*\* whose base/],
  ['setTimeout(f, 1);', /setTimeout/],
  ['let p: Promise<number>;', /Promise/],
  ['async function f() {}', /async function/],
  ['const f = async () => 1;', /async function/],
  ['await f();', /await/],
  ["fetch('x');", /fetch/],
  ["indexedDB.open('x');", /indexedDB/],
  ["new Intl.Collator('de');", /Intl/],
  ['a.localeCompare(b);', /localeCompare/],
  ['a.toLocaleString();', /toLocaleString/],
  ["a.normalize('NFC');", /normalize/],
  ['a?.toUpperCase();', /toUpperCase/],
  ['console.log(1);', /console/],
  ['const x = { Date };', /Date/],
  ['globalThis.x = 1;', /globalThis/],
];

test.each(badCode)('the rules refuse in the deterministic part: %s', (text, expected) => {
  for (const folder of ['base', 'core', 'sim', 'run-model']) {
    expect(checkDeterminism(`src/${folder}/a.ts`, text).join('\n')).toMatch(expected);
  }
  expect(checkDeterminism('src/ui/a.ts', text)).toEqual([]);
});

test('the rules know a reference from a key, a comment and a text', () => {
  const text = `
    // Date.now() and Math.random() are for others.
    interface Row { Date: number; process(): void }
    const row = { Date: 1, self: 2, text: 'Promise' };
    const x = row.Date + Math.floor(2 ** row.self / 3) + Number(10n ** 3n);
  `;
  expect(checkDeterminism('src/core/a.ts', text)).toEqual([]);
});

test('the rules refuse bad names, lengths, forms, texts and citations', () => {
  for (const name of ['src/ui/App.tsx', 'src/ui/my_file.ts', 'src/ui/index.ts', 'src/ui/myFile.test.ts']) {
    expect(checkName(name), name).toHaveLength(1);
  }
  for (const name of [
    'src/ui/app.tsx',
    'src/sim/sweep.world.test.ts',
    'src/base/runtime.d.ts',
    'a-b.e2e.ts',
    'a-b.engine.ts',
  ]) {
    expect(checkName(name), name).toEqual([]);
  }
  const long = 'x\n'.repeat(501);
  expect(checkLength('a.ts', long, new Map())).toHaveLength(1);
  expect(checkLength('a.ts', long, new Map([['a.ts', 'a table']]))).toEqual([]);
  expect(checkLength('a.ts', 'x\n', new Map([['a.ts', 'a table']]))).toHaveLength(1);
  expect(checkForm('src/ui/a.ts', 'export default 1;\n')).toHaveLength(2);
  const counting = 'let count = 0;\nexport let next = 1;\nconst f = () => { let a = 1; return a; };\n';
  expect(checkStateless('src/core/a.ts', counting)).toHaveLength(2);
  expect(checkStateless('src/ui/a.ts', counting)).toEqual([]);
  expect(checkText('a.md', 'see /home/me/lab')).toHaveLength(1);
  expect(checkText('a.md', 'see ../shared/spec/wal.md')).toHaveLength(1);
  expect(checkText('a.ts', "zh: '节点崩溃'")).toHaveLength(1);
  expect(checkText('a.md', 'https://example.org/home/page and ./work/in')).toEqual([]);
  expect(checkCitations('a.ts', 'WAL-1 HOLE-999', new Set(['WAL-1']))).toEqual([
    'a.ts: cites HOLE-999, which is no rule',
  ]);
  expect(findDefinedRules('- **WAL-7** The writer')).toEqual(['WAL-7']);
  const pages = new Map([['wal.md', new Set(['WAL-1'])]]);
  expect(checkCitedPages('a.ts', '(docs/spec/wal.md WAL-1, raft.md PCS-9)', pages)).toEqual([]);
  expect(checkCitedPages('a.ts', '(docs/spec/wal.md HOLE-1)', pages)).toEqual([
    'a.ts: HOLE-1 is not in wal.md',
  ]);
  expect(checkLines('a.md', `short\n${'x'.repeat(301)}`)).toHaveLength(1);
  expect(countWords('two words\n<!-- from: table x -->\n| many | more |\n<!-- end -->\nthree')).toBe(3);
  expect(findHeadingLinks('[a](./b.md#c) [d](https://x.org#y) [e](#f)')).toEqual([
    ['./b.md', 'c'],
    ['', 'f'],
  ]);
  expect([...findHeadings('# One two\n```\n# no\n```\n## `a`: b')]).toEqual(['one-two', 'a-b']);
  expect(findLinks('[a](./b.md#c) [d](https://x.org) [e](#f)')).toEqual(['./b.md']);
});
