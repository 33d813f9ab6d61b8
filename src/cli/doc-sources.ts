// What the project's documents take from its code: the doc comment that stands above an entry of a table, and the marked regions of files
// that compile. Both are read as text, from the project's root.

import { readdirSync, readFileSync } from 'node:fs';

export const readSource = (path: string): string => readFileSync(path, 'utf8');

const COMMENT = /^ {2}(?:\/\*\*|\/\/|\*| \*)/;

/** One line of a block of comments, without its marks. */
const bare = (line: string): string =>
  line
    .trim()
    .replace(/^\/\*\*\s?|^\/\/\s?|^\*(?!\/)\s?/, '')
    .replace(/\s*\*\/$/, '')
    .trim();

/** What the comment that ends right above line `at` says. */
function commentAbove(lines: readonly string[], at: number): string {
  let first = at;
  while (first > 0 && COMMENT.test(lines[first - 1] ?? '')) first--;
  // An inner comment ends with its own mark: of two that follow each other the last one counts.
  const opens = lines.slice(first, at).findLastIndex((line) => line.trim().startsWith('/**'));
  return lines
    .slice(first + Math.max(0, opens), at)
    .map(bare)
    .join(' ')
    .trim();
}

export interface Entry {
  /** What the comment above it says; empty: nothing. */
  readonly says: string;
  /** Its own lines, to the next entry. */
  readonly text: string;
}

/** Entries of a table by name; they are indented by two. `head` finds the name in an entry's text. */
export function entriesOf(text: string, head: RegExp): ReadonlyMap<string, Entry> {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, i) => (/^ {2}[^\s/*}\])]/.test(line) ? [i] : []));
  const found = new Map<string, Entry>();
  starts.forEach((start, i) => {
    const entry = lines.slice(start, starts[i + 1] ?? lines.length).join('\n');
    const name = head.exec(entry)?.[1];
    if (name !== undefined && !found.has(name))
      found.set(name, { says: commentAbove(lines, start), text: entry });
  });
  return found;
}

/** The names that stand in the object literal at the beginning of `text`, and those of what is spread into it. */
function namesIn(text: string, known: readonly string[]): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  let word = '';
  const take = (): void => {
    const [, spread, name = ''] = /^(\.\.\.)?(\w+)/.exec(word.trim()) ?? [];
    if (name !== '') names.push(...(spread === undefined ? [name] : namesOf(name, known)));
    word = '';
  };
  for (const sign of text) {
    if ('}])'.includes(sign) && --depth === 0) break;
    if (depth === 1 && sign === ',') take();
    else if (depth > 0) word += sign;
    if ('{[('.includes(sign)) depth++;
  }
  take();
  return names;
}

/** Of a constant, or an entry of a table of layouts, that is an object, or a struct of one or of a constant. */
function namesOf(name: string, known: readonly string[]): readonly string[] {
  const head = new RegExp(`\\b${name}(?: =|:) (?:struct\\((\\w+)?)?(?=[{)])`);
  for (const text of known) {
    const found = head.exec(text);
    if (found?.[1] !== undefined) return namesOf(found[1], known);
    if (found !== null) return namesIn(text.slice(found.index + found[0].length), known);
  }
  throw new Error(`no fields of ${name}`);
}

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

/** Fields of a message: what follows its family in the entry; of one with a codec of its own, its layout. `texts`: where constants stand. */
export function fieldsOf({ text }: Entry, family: string, texts: readonly string[]): readonly string[] {
  const known = texts.map(withoutComments);
  const own = withoutComments(text);
  const after = own.split(`'${family}',`)[1]?.trim() ?? '';
  if (after.startsWith('{')) return namesIn(after, known);
  const isCoded = own.includes('codedMessage(');
  return namesOf((isCoded ? /\w+/ : /^\w+/).exec(isCoded ? own : after)?.[0] ?? '', known);
}

/** The lines between `// #region name` and `// #endregion`, at the left edge, without marks of other regions. */
export function regionOf(text: string, name: string): string {
  const lines = text.split('\n');
  const mark = new RegExp(`^\\s*// #region (.+ )?${name}( .+)?$`);
  const first = lines.findIndex((line) => mark.test(line));
  if (first === -1) throw new Error(`no region ${name}`);
  let depth = 1;
  let last = first + 1;
  for (; last < lines.length; last++) {
    const line = (lines[last] ?? '').trim();
    if (line.startsWith('// #region ')) depth++;
    if (line === '// #endregion' && --depth === 0) break;
  }
  const inside = lines.slice(first + 1, last).filter((line) => !/^\s*\/\/ #(end)?region/.test(line));
  const indent = Math.min(...inside.filter((line) => line !== '').map((line) => line.search(/\S/)));
  return inside.map((line) => line.slice(indent)).join('\n');
}

/** Files of a folder and its folders by the end of their name. */
export const filesUnder = (folder: string, end: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .sort();
