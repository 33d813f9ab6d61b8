// to_char, to_date and to_timestamp, a line each.

import type { Value } from './access.ts';
import { formatMoment, formatSpan } from './format-moment.ts';
import { type Formattable, formatByTemplate, ofFloat, ofNumeric } from './format-number.ts';
import { define, type TableFunction } from './function-table.ts';
import { big, dec, moment, num, real, span, str } from './narrow.ts';
import { numericOf } from './numeric.ts';
import { parseByTemplate } from './parse-moment.ts';
import { numberByTemplate } from './parse-number.ts';

const ofNumber = (
  type: 'int4' | 'int8' | 'float4' | 'float8' | 'numeric',
  read: (a: Value) => Formattable,
): TableFunction =>
  define('to_char', `${type} text`, 'text', (a, template) => formatByTemplate(read(a), str(template)), {
    isStable: true,
  });

export const TEMPLATES = {
  int4Shown: ofNumber('int4', (a) => ofNumeric(numericOf(BigInt(num(a))))),
  int8Shown: ofNumber('int8', (a) => ofNumeric(numericOf(big(a)))),
  numericShown: ofNumber('numeric', (a) => ofNumeric(dec(a))),
  float4Shown: ofNumber('float4', (a) => ofFloat(real(a), 6)),
  float8Shown: ofNumber('float8', (a) => ofFloat(num(a), 15)),
  timestampShown: define('to_char', 'timestamp text', 'text', (a, b) => formatMoment(moment(a), str(b)), {
    isStable: true,
  }),
  timestamptzShown: define('to_char', 'timestamptz text', 'text', (a, b) => formatMoment(moment(a), str(b)), {
    isStable: true,
  }),
  intervalShown: define('to_char', 'interval text', 'text', (a, b) => formatSpan(span(a), str(b)), {
    isStable: true,
  }),
  textToNumberBy: define('to_number', 'text text', 'numeric', (a, b) => numberByTemplate(str(a), str(b)), {
    isStable: true,
  }),
  textToDateBy: define('to_date', 'text text', 'date', (a, b) => parseByTemplate('date', str(a), str(b)), {
    isStable: true,
  }),
  textToTimestampBy: define(
    'to_timestamp',
    'text text',
    'timestamptz',
    (a, b) => parseByTemplate('timestamptz', str(a), str(b)),
    { isStable: true },
  ),
} satisfies Readonly<Record<string, TableFunction>>;
