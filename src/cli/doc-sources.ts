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

/** Entry of a table → what stands above it; entries are indented by two. `head` finds the entry's name in its first lines. */
export function commentsOf(text: string, head: RegExp): ReadonlyMap<string, string> {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, i) => (/^ {2}[^\s/*}\])]/.test(line) ? [i] : []));
  const found = new Map<string, string>();
  starts.forEach((start, i) => {
    const entry = lines.slice(start, starts[i + 1] ?? lines.length).join('\n');
    const name = head.exec(entry)?.[1];
    const says = commentAbove(lines, start);
    if (name !== undefined && says !== '' && !found.has(name)) found.set(name, says);
  });
  return found;
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
