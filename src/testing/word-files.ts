// The words of the screen as they stand in src/words, for the tests that read all of them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'src/words';

export interface WordFile {
  /** Its path in src/words, `cynosdb/wal`. */
  readonly area: string;
  readonly en: Readonly<Record<string, string>>;
  readonly zh: Readonly<Record<string, string>>;
}

const read = (path: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(folder, path), 'utf8'));

export const wordFiles: readonly WordFile[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.en.json'))
  .map((path) => path.slice(0, -'.en.json'.length))
  .sort()
  .map((area) => ({ area, en: read(`${area}.en.json`), zh: read(`${area}.zh.json`) }));

/** Every message of a language by its key. */
export const wordsIn = (language: 'en' | 'zh'): ReadonlyMap<string, string> =>
  new Map(wordFiles.flatMap((file) => Object.entries(file[language])));
