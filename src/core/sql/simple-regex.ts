// Regular expressions (`~`, `!~`, `~*`, `!~*`), as far as LIKE can say them: anchors, alternatives that are the whole of it, `.`, `.*`,
// `.+` and escaped characters. These are what clients send to look for names; all else is 0A000, not a second matcher.

import { fail } from './failure.ts';
import { matchLike } from './like.ts';

/** Whether the text has a match. */
export const matchRegex = (text: string, regex: string): boolean =>
  likePatterns(regex).some((pattern) => matchLike(text, pattern));

function likePatterns(regex: string): readonly string[] {
  const isStart = regex.startsWith('^');
  const isEnd = regex.endsWith('$') && !regex.endsWith('\\$');
  const middle = regex.slice(isStart ? 1 : 0, isEnd ? -1 : undefined);
  const [, group] = /^\((?:\?:)?([^()]*)\)$/.exec(middle) ?? [];
  const alternatives = group === undefined && (isStart || isEnd) ? [middle] : (group ?? middle).split('|');
  return alternatives.map((one) => `${isStart ? '' : '%'}${likePattern(one, regex)}${isEnd ? '' : '%'}`);
}

const TOKEN = /\\[^0-9A-Za-z]|\.\*|\.\+|[^\\()[\]{}|*+?^$]/gy;

function likePattern(part: string, regex: string): string {
  const tokens = part.match(TOKEN) ?? [];
  if (tokens.join('') !== part) fail('0A000', `regular expression "${regex}" is not supported`);
  return tokens
    .map((token) => {
      if (token === '.*') return '%';
      if (token === '.+') return '_%';
      if (token === '.') return '_';
      if (token === '%' || token === '_') return `\\${token}`;
      return token;
    })
    .join('');
}
