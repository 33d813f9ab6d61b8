// How well a command is called what was typed: every typed word must begin a word of its label or of its keywords. No
// letters picked out of longer words: what is found has to be what a reader would find in the line.

import type { Command } from './command.ts';

/** The digits of a number together, as `groupDigits` and people part them; a space parts words. */
const joined = (text: string): string => text.replace(/(?<=\d)[\u00a0\u2009\u202f,](?=\d{3})/g, '');

/** As it is compared. */
const plain = (text: string): string => joined(text).toLowerCase();

/** Without what parts the pieces of a word: `store-2` and `store2` are one. */
const squash = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

const isHan = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** Words, whole and in their pieces: `store-2`, `store`, `2`; `dropMessage` also as `message`. */
function wordsOf(text: string): readonly string[] {
  const found = new Set<string>();
  for (const word of text.split(/\s+/)) {
    const pieces = word.split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u);
    for (const one of [word, ...pieces]) found.add(squash(one.toLowerCase()));
  }
  found.delete('');
  return [...found];
}

interface Names {
  readonly label: string;
  readonly words: readonly string[];
  readonly others: readonly string[];
  /** What has no spaces between its words is searched as a whole. */
  readonly han: string;
}

/** Made once for each command, however many letters are typed. */
const known = new WeakMap<Command, Names>();

function namesOf(command: Command): Names {
  const found = known.get(command);
  if (found !== undefined) return found;
  const others = (command.keywords ?? []).join(' ');
  const names = {
    label: squash(plain(command.label)),
    words: wordsOf(joined(command.label)),
    others: wordsOf(joined(others)),
    han: squash(plain(`${command.label} ${others}`)),
  };
  known.set(command, names);
  return names;
}

/** 1 for a whole word, less for its beginning, the less the more is left of it; 0 for none. */
function among(words: readonly string[], typed: string): number {
  let best = 0;
  for (const word of words) {
    if (!word.startsWith(typed)) continue;
    if (word.length === typed.length) return 1;
    best = Math.max(best, 0.5 + (0.4 * typed.length) / word.length);
  }
  return best;
}

/** 0: not found by these words. Above: the better, the more of the label was typed. */
export function scoreOf(command: Command, query: string): number {
  const typed = plain(query)
    .split(/\s+/)
    .map(squash)
    .filter((word) => word !== '');
  if (typed.length === 0) return 0;
  const { label, words, others, han } = namesOf(command);
  let sum = 0;
  for (const word of typed) {
    const found = Math.max(
      among(words, word),
      0.7 * among(others, word),
      isHan(word) && han.includes(word) ? 0.8 : 0,
    );
    if (found === 0) return 0;
    sum += found;
  }
  const whole = typed.join('');
  const order = label === whole ? 2 : label.startsWith(whole) ? 0.5 : label.includes(whole) ? 0.25 : 0;
  return sum / typed.length + order;
}
