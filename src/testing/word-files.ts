// The words of the screen as they stand in src/words, for the tests that read all of them.

import { readWords, wordAreas, wordFile } from '../../scripts/words.mjs';

export interface WordFile {
  /** Its path in src/words, `cynosdb/wal`. */
  readonly area: string;
  readonly en: Readonly<Record<string, string>>;
  readonly zh: Readonly<Record<string, string>>;
}

export const wordFiles: readonly WordFile[] = wordAreas().map((area) => ({
  area,
  en: readWords(wordFile(area, 'en')),
  zh: readWords(wordFile(area, 'zh')),
}));

/** Every message of a language by its key. */
export const wordsIn = (language: 'en' | 'zh'): ReadonlyMap<string, string> =>
  new Map(wordFiles.flatMap((file) => Object.entries(file[language])));
