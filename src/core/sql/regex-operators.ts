// `~`, `!~`, `~*` and `!~*`, of texts and of char(n) as it is stored.

import type { Value } from './access.ts';
import { char, str } from './narrow.ts';
import { isMatch } from './regex.ts';
import { PLAIN_OPTIONS } from './regex-lex.ts';

const IGNORING_CASE = { ...PLAIN_OPTIONS, ignoresCase: true };

export const REGEX_OPERATORS = {
  textRegex: (a: Value, pattern: Value): Value => isMatch(str(a), str(pattern)),
  textNotRegex: (a: Value, pattern: Value): Value => !isMatch(str(a), str(pattern)),
  textIRegex: (a: Value, pattern: Value): Value => isMatch(str(a), str(pattern), IGNORING_CASE),
  textNotIRegex: (a: Value, pattern: Value): Value => !isMatch(str(a), str(pattern), IGNORING_CASE),
  charRegex: (a: Value, pattern: Value): Value => isMatch(char(a), str(pattern)),
  charNotRegex: (a: Value, pattern: Value): Value => !isMatch(char(a), str(pattern)),
  charIRegex: (a: Value, pattern: Value): Value => isMatch(char(a), str(pattern), IGNORING_CASE),
  charNotIRegex: (a: Value, pattern: Value): Value => !isMatch(char(a), str(pattern), IGNORING_CASE),
};
