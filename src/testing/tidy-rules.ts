// The conventions that a machine can check, as pure functions from a source text to the faults found in
// it. `tidy.test.ts` holds every file against them, and the rules themselves against bad snippets.

import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync, Visitor } from 'vite';

/** Of a folder: what it is for, and what it may import beside itself. */
interface Layer {
  readonly what: string;
  readonly imports: readonly string[];
}

/**
 * The folders of src/, the rooms of core/ and the floors of ui/, as docs/architecture.md shows them. Floors begin with the lowest: a folder
 * imports those of its own floor and below. The registries and types of ui/stacks may be read from every floor, as src/stacks/registry.ts
 * is from every layer.
 */
export const layers: {
  readonly folders: Readonly<Record<string, Layer>>;
  readonly rooms: Readonly<Record<string, Layer>>;
  readonly floors: readonly (readonly string[])[];
} = JSON.parse(readFileSync('src/testing/layers.json', 'utf8'));

/** Arrows allowed between the folders of core/log-store/; the files directly in it compose them and are imported by none. */
const logStoreArrows: Readonly<Record<string, readonly string[]>> = {
  holes: [],
  replica: ['holes'],
  base: ['holes', 'replica'],
  scrub: ['holes', 'replica'],
  restore: ['holes', 'replica'],
  archive: ['replica', 'base'],
};
/** What the room says to others, for its folders as well. */
const logStoreTerms = new Set(
  ['messages', 'trace-events', 'store-view'].map((name) => `src/core/log-store/${name}.ts`),
);

/** Names only, and it imports nothing: planted bugs are asked for in every room, in one that else knows no other as well. */
const mutantNames = 'src/core/kernel/mutants.ts';

/** Files of the kernel that compose what the rooms offer. */
const coreComposers = new Set(['fields'].map((name) => `src/core/kernel/${name}.ts`));

const deterministicFolders = new Set(['base', 'core', 'sim', 'run-model']);

/**
 * Ambient state, another time or order than the world's, or results that differ between machines. What
 * only browsers or Node have (`window`, `process` …) is refused by the compiler, whose lib has no such names.
 */
const bannedGlobals = new Set(
  `Date performance Promise Intl console fetch indexedDB globalThis setTimeout setInterval queueMicrotask
  requestAnimationFrame eval Function WeakRef FinalizationRegistry Atomics SharedArrayBuffer Proxy`.split(
    /\s+/,
  ),
);

const bannedMembers = new Set(
  `localeCompare normalize toLowerCase toUpperCase toLocaleString toLocaleLowerCase toLocaleUpperCase
  toLocaleDateString toLocaleTimeString`.split(/\s+/),
);

const allowedMath = new Set('floor ceil trunc round abs min max imul clz32 fround sqrt sign'.split(' '));

export interface Import {
  readonly specifier: string;
  readonly isReexportOfAll: boolean;
}

type Program = ReturnType<typeof parseSync>['program'];

function parse(path: string, text: string): Program {
  const lang = path.endsWith('.tsx') ? 'tsx' : 'ts';
  const { program, errors } = parseSync(path, text, { lang });
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  return program;
}

const isAmbient = (path: string): boolean => path.endsWith('.d.ts');
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
const isTestCode = (path: string): boolean => isTest(path) || /\/testing\/|-fixture\.ts$/.test(path);
const folderOf = (path: string): string => path.split('/')[1] ?? '';
const isInFolder = (path: string): boolean => path.split('/').length > 2;

/** Static and dynamic imports, re-exports, and modules named by `new URL(…, import.meta.url)` (workers). */
export function findImports(path: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: unknown, isReexportOfAll = false): void => {
    if (typeof specifier === 'string') found.push({ specifier, isReexportOfAll });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source.value),
    ExportNamedDeclaration: (node) => add(node.source?.value),
    ExportAllDeclaration: (node) => add(node.source.value, true),
    ImportExpression: (node) => add('value' in node.source ? node.source.value : undefined),
    TSImportType: (node) => add(node.source.value),
    NewExpression(node) {
      const [first] = node.arguments;
      const isUrl = node.callee.type === 'Identifier' && node.callee.name === 'URL';
      if (isUrl && first !== undefined && 'value' in first) add(first.value);
    },
  }).visit(parse(path, text));
  return found;
}

/** What a path is a part of: `src/stacks/toy/…` and `src/ui/stacks/toy/…` of the stack `toy`; null outside stacks. */
const stackOf = (path: string): string | null => /^src\/(?:ui\/)?stacks\/([^/]+)\//.exec(path)?.[1] ?? null;

const isRegistry = (path: string): boolean =>
  /^src\/(ui\/)?stacks\/(actions|checks|compared|nodes|registry|runtimes|said|storage-nodes|tables)\.ts$/.test(
    path,
  );

/** A registry, or one of the files beside it that merge what it lists. */
const isOfAllStacks = (path: string): boolean => isRegistry(path) || /^src\/stacks\/[^/]+\.ts$/.test(path);

/** Below the stacks: the layers that are given the registries by whoever composes a process, and ask for none. */
const givenStacks = new Set(['base', 'core', 'presets', 'sim', 'run-model']);

/** A stack is reached through the two registries only: no stack imports another, no shell imports one. */
function checkStackArrow(path: string, target: string): string[] {
  const [from, to] = [stackOf(path), stackOf(target)];
  if (to === null || from === to || isRegistry(path)) return [];
  return [`${path}: the stack ${to} is reached through a registry only (${target})`];
}

function checkArrow(path: string, target: string): string[] {
  const [from, to] = [folderOf(path), folderOf(target)];
  if (!isInFolder(path) || from === to) return [];
  if (isOfAllStacks(target) && (isTestCode(path) || !givenStacks.has(from))) return [];
  if (from === 'ui' && stackOf(target) !== null) return []; // a stack's own half; checkStackArrow refuses another's
  const allowed = layers.folders[from]?.imports;
  if (allowed === undefined) return [`${path}: src/${from} is not a layer`];
  if (
    isInFolder(target) &&
    (allowed.includes(to) || (isTest(path) && ['edge', 'run-model', 'stacks', 'testing'].includes(to)))
  )
    return [];
  return [`${path}: ${from} must not import ${target}`];
}

function checkCoreRooms(path: string, target: string): string[] {
  if (!target.startsWith('src/core/') || !path.startsWith('src/core/') || coreComposers.has(path)) return [];
  const [from = '', to = ''] = [path.split('/')[2], target.split('/')[2]];
  if (from === to) return from === 'log-store' ? checkLogStore(path, target) : [];
  const allowed = layers.rooms[from]?.imports;
  if (allowed === undefined) return [`${path}: src/core/${from} is not a room of core`];
  return allowed.includes(to) || target === mutantNames
    ? []
    : [`${path}: core/${from} must not import core/${to} (${target})`];
}

const uiFolderOf = (path: string): string => /^src\/ui\/([^/]+)\//.exec(path)?.[1] ?? '';

/** Where a path stands in ui/; -1: its folder is on no floor. */
const uiFloorOf = (path: string): number =>
  layers.floors.findIndex((floor) => floor.includes(uiFolderOf(path)));

function checkUiArrows(path: string, target: string): string[] {
  if (!path.startsWith('src/ui/') || !target.startsWith('src/ui/')) return [];
  const [from, to] = [uiFolderOf(path), uiFolderOf(target)];
  if (uiFloorOf(path) < 0) return [`${path}: ui/${from} is on no floor of ui`];
  if (from === to || /^src\/ui\/stacks\/[^/]+$/.test(target)) return [];
  return uiFloorOf(target) <= uiFloorOf(path)
    ? []
    : [`${path}: ui/${from} must not import ui/${to} (${target})`];
}

function checkLogStore(path: string, target: string): string[] {
  const [, , , from = '', ownFile] = path.split('/');
  const [, , , to = '', file] = target.split('/');
  if (ownFile === undefined || logStoreTerms.has(target) || from === to) return [];
  const isAllowed = file !== undefined && logStoreArrows[from]?.includes(to);
  return isAllowed ? [] : [`${path}: log-store/${from} must not import log-store/${to} (${target})`];
}

/** What a file of the deterministic part may have of others: bytes in, bytes out, the same on every machine. */
const purePackages: ReadonlyMap<string, string> = new Map([['src/sim/tape-pack.ts', 'fflate']]);

/** Import directions, rooms of core, floors of ui, extensions, barrels. Test code may also use any room of core, the SQL parser and `src/testing`. */
export function checkImports(path: string, text: string): string[] {
  const faults: string[] = [];
  for (const { specifier, isReexportOfAll } of findImports(path, text)) {
    if (isReexportOfAll) faults.push(`${path}: re-exports all of ${specifier}: no barrels`);
    if (!specifier.startsWith('.')) {
      const isPure = purePackages.get(path) === specifier;
      if (deterministicFolders.has(folderOf(path)) && !isTest(path) && !isPure) {
        faults.push(`${path}: ${folderOf(path)} must not import the package ${specifier}`);
      }
      continue;
    }
    const target = posix.normalize(posix.join(posix.dirname(path), specifier));
    if (!/(\.[a-z]+|\/)$/.test(target)) faults.push(`${path}: ${specifier} lacks its extension`);
    if (!target.startsWith('src/')) {
      if (!isTest(path)) faults.push(`${path}: ${specifier} lies outside src/`);
      continue;
    }
    faults.push(...checkArrow(path, target));
    if (!isTest(path)) faults.push(...checkStackArrow(path, target));
    if (!isTestCode(path)) faults.push(...checkCoreRooms(path, target), ...checkUiArrows(path, target));
  }
  return faults;
}

/** Names that are keys or members, not references: `{ Date: 1 }`, `row.Date`, `Date` in an interface. */
function collectKeyPositions(program: Program): Set<number> {
  const positions = new Set<number>();
  const note = (node: { computed?: boolean; key: { start: number } }): void => {
    if (node.computed !== true) positions.add(node.key.start);
  };
  new Visitor({
    MemberExpression: (node) => void (node.computed || positions.add(node.property.start)),
    Property: (node) => void (node.shorthand || note(node)),
    PropertyDefinition: note,
    MethodDefinition: note,
    TSPropertySignature: note,
    TSMethodSignature: note,
  }).visit(program);
  return positions;
}

/** Bigint powers and powers of two are exact everywhere; others are only as good as an engine's `pow`. */
function isExactPower(base: { type: string; value?: unknown }): boolean {
  return base.type === 'Literal' && (base.value === 2 || typeof base.value === 'bigint');
}

/** What base, core and sim must not touch, so that one tape gives one trace on every machine. */
export function checkDeterminism(path: string, text: string): string[] {
  if (!deterministicFolders.has(folderOf(path)) || isTest(path) || isAmbient(path)) return [];
  const program = parse(path, text);
  const keys = collectKeyPositions(program);
  const mathReferences = new Set<number>();
  const faults: string[] = [];
  const lineOf = (start: number): number => text.slice(0, start).split('\n').length;
  const fault = (start: number, what: string): void => void faults.push(`${path}:${lineOf(start)}: ${what}`);
  const checkFunction = (node: { start: number; async: boolean }): void => {
    if (node.async) fault(node.start, 'async function');
  };
  new Visitor({
    MemberExpression(node) {
      const name = !node.computed && node.property.type === 'Identifier' ? node.property.name : undefined;
      if (node.object.type === 'Identifier' && node.object.name === 'Math') {
        mathReferences.add(node.object.start);
        if (name === undefined || !allowedMath.has(name)) fault(node.start, `Math.${name ?? '[…]'}`);
      }
      if (name !== undefined && bannedMembers.has(name)) fault(node.property.start, `.${name}`);
    },
    Identifier(node) {
      if (keys.has(node.start)) return;
      if (bannedGlobals.has(node.name)) fault(node.start, node.name);
      if (node.name === 'Math' && !mathReferences.has(node.start)) fault(node.start, 'Math as a value');
    },
    BinaryExpression(node) {
      if (node.operator === '**' && !isExactPower(node.left)) fault(node.start, '** whose base is not 2');
    },
    FunctionDeclaration: checkFunction,
    FunctionExpression: checkFunction,
    ArrowFunctionExpression: checkFunction,
    AwaitExpression: (node) => fault(node.start, 'await'),
  }).visit(program);
  return faults;
}

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|world\.test|e2e|engine|d|config))?\.[a-z0-9]+$/;

export function checkName(path: string): string[] {
  const name = path.split('/').at(-1) ?? '';
  if (!kebabCase.test(name)) return [`${path}: not kebab-case`];
  return name.startsWith('index.') ? [`${path}: a file says what it holds; index does not`] : [];
}

export const lineLimit = 500;

/** `exceptions`: path to reason. One that is no longer needed is a fault too. */
export function checkLength(path: string, text: string, exceptions: ReadonlyMap<string, string>): string[] {
  const lines = text.replace(/\n$/, '').split('\n').length;
  const isExcepted = exceptions.has(path);
  if (lines > lineLimit && !isExcepted) return [`${path}: ${lines} lines, more than ${lineLimit}`];
  if (lines <= lineLimit && isExcepted) return [`${path}: ${lines} lines need no exception any more`];
  return [];
}

/** Source files open with a comment that says what they are for; exports have names. */
export function checkForm(path: string, text: string): string[] {
  const faults: string[] = [];
  if (!isTest(path) && !/^\/[/*]/.test(text)) faults.push(`${path}: does not open with a comment`);
  if (/^export default\b/m.test(text)) faults.push(`${path}: default export`);
  return faults;
}

/** A module of these folders keeps nothing from one call to the next: their tests share loaded modules (vitest.config.ts). */
const statelessFolders = new Set(['core', 'sim', 'run-model', 'presets']);

/** Variables of a module itself that may be set anew. */
export function checkStateless(path: string, text: string): string[] {
  if (!statelessFolders.has(folderOf(path)) || isTest(path) || isAmbient(path)) return [];
  return parse(path, text)
    .body.map((node) => (node.type === 'ExportNamedDeclaration' ? node.declaration : node))
    .filter((node) => node?.type === 'VariableDeclaration' && node.kind !== 'const')
    .map(() => `${path}: a module's own variable that may be set anew`);
}

/** Paths of somebody's machine, and pointers out of the project. */
export function checkText(path: string, text: string): string[] {
  const patterns: readonly (readonly [RegExp, string])[] = [
    [/(?<![\w.~-])\/(?:home|root|Users|work|private|mnt)\/[\w.-]+/, 'a path of one machine'],
    // docs/spec/terms.md, “Crash”: one word for one thing.
    [/崩溃/, 'a crash is 宕机 in Chinese'],
    [/\.\.\/(?:shared|design|seeds)\b|\bshared\/(?:design|spec|seeds)\b/, 'a pointer outside the project'],
  ];
  return patterns.flatMap(([pattern, what]) => {
    const match = pattern.exec(text);
    return match === null ? [] : [`${path}: ${what}: ${match[0]}`];
  });
}

/** Relative links of a Markdown file, without anchors. */
export function findLinks(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => (match[1] ?? '').split('#')[0] ?? '')
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link));
}

/** Links of a Markdown file to a heading: the file, '' of its own, and the heading as GitHub names it. */
export const findHeadingLinks = (text: string): readonly (readonly [path: string, heading: string])[] =>
  [...text.matchAll(/\]\((?![a-z]+:)([^)\s#]*)#([^)\s]+)\)/g)].map(([, path = '', heading = '']) => [
    path,
    heading,
  ]);

export const findHeadings = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

/** A document is read: no line is longer, and all of them together have no more words than a person reads in a day. */
export const documentLineLimit = 300;
export const documentWordLimit = 60_000;

export const checkLines = (path: string, text: string): string[] =>
  text
    .split('\n')
    .flatMap((line, i) =>
      line.length > documentLineLimit
        ? [`${path}:${i + 1}: ${line.length} characters, more than ${documentLineLimit}`]
        : [],
    );

/** Words of a document but for what is made from the code. */
export const countWords = (text: string): number =>
  text.replace(/<!-- from: .+? -->\n[\s\S]*?<!-- end -->/g, '').match(/\S+/g)?.length ?? 0;

const ruleFamilies = 'WAL|HOLE|FENCE|READ|LI|FS|PCS|TXN|PRE';

export function findDefinedRules(specification: string): string[] {
  return [...specification.matchAll(new RegExp(`\\*\\*((?:${ruleFamilies})-\\d+)\\*\\*`, 'g'))].flatMap(
    (match) => match[1] ?? [],
  );
}

/** A rule that is cited with a page of the specification (`raft.md PCS-9`) stands on that page. */
export function checkCitedPages(
  path: string,
  text: string,
  pages: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const cited = text.matchAll(new RegExp(`\\b([a-z]+\\.md)\\)?,? ((?:${ruleFamilies})-\\d+)\\b`, 'g'));
  return [...cited].flatMap(([, page = '', id = '']) =>
    pages.get(page)?.has(id) === false ? [`${path}: ${id} is not in ${page}`] : [],
  );
}

/** Rule ids cited in code that the specification does not have. */
export function checkCitations(path: string, text: string, defined: ReadonlySet<string>): string[] {
  const cited = text.match(new RegExp(`\\b(?:${ruleFamilies})-\\d+\\b`, 'g')) ?? [];
  return [...new Set(cited)]
    .filter((id) => !defined.has(id))
    .map((id) => `${path}: cites ${id}, which is no rule`);
}
