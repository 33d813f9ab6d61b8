// Drawn texts that to_number reads, and numbers by chance.

import { nextBelow } from '../../base/prng.ts';
import { decimal, digits, type Family, NUMBER_WORDS, pick } from './drawn-values.ts';

const NUMBER_TEXTS = ['1', '2', '0', '9', '.', ',', '-', '+', ' ', '<', '>', 'x', '$', '€'];

export const readNumbers: Family = {
  draw: (prng) => {
    // RN is read by PostgreSQL 18, EEEE by none.
    const words = NUMBER_WORDS.filter((word) => !/^(?:rn|eeee)$/i.test(word));
    const template =
      nextBelow(prng, 3) === 0
        ? Array.from({ length: 1 + nextBelow(prng, 9) }, () => pick(prng, words)).join('')
        : pick(prng, ['', 'FM', 'S', 'L', 'MI']) +
          pick(prng, ['9', '99', '999', '0', '9,999', '9G999G999', '99,9', '9999999']) +
          pick(prng, ['', '.9', '.99', 'D00', '.9999', 'V99']) +
          pick(prng, ['', '', 'MI', 'PR', 'S', 'PL', 'SG', 'th', '"ab"', ' x']);
    const written = decimal(prng, pick(prng, [1, 3, 5, 7]), pick(prng, [0, 1, 3]));
    const text = pick(prng, [
      written,
      written,
      `${written}-`,
      `<${written}>`,
      `$${written}`,
      ` +${written}`,
      '1,234.56',
      '-1,234,567.8',
      '12th',
      Array.from({ length: nextBelow(prng, 7) }, () => pick(prng, NUMBER_TEXTS)).join(''),
    ]);
    return `select to_number('${text}', '${template}')`;
  },
  fixed: [
    "select to_number('12,454.8-', '99G999D9S'), to_number('-34,338,492', '99G999G999'), to_number('-34,338,492.654,878', '99G999G999D999G999')",
    "select to_number('<564646.654564>', '999999.999999PR'), to_number('0.00001-', '9.999999S'), to_number('5.01-', 'FM9.999999MI')",
    "select to_number('.01', '99.99'), to_number('. 0 1', '99999999.99999999'), to_number('$1,234.56', 'L99,999.99'), to_number('42nd', '99th')",
    "select to_number('123', '99V9'), to_number('12345', '999V99'), to_number('', '9'), to_number('x', '')",
    "select to_number('1', '')",
    "select to_number('1', '9EEEE')",
    "select to_number('1', '9.9.9')",
    "select to_number('1')",
  ],
};

export const random: Family = {
  before: ['create table r (k int primary key)', 'insert into r select * from generate_series(1, 20)'],
  draw: (prng) => {
    const seed = pick(prng, [
      '0',
      '1',
      '-1',
      '0.5',
      '-0.25',
      `0.${digits(prng, 6)}`,
      `0.${digits(prng, 5)}`,
      `-0.${digits(prng, 4)}`,
      `-0.${digits(prng, 3)}`,
      '2',
      'null',
      "'NaN'",
      "'-Infinity'",
      '1e7',
      '-1.5',
    ]);
    switch (nextBelow(prng, 9)) {
      case 0:
      case 1:
      case 6:
      case 7:
      case 8:
        // What fails would leave the two where they were, which is not the same place.
        return /^(?:2|null|'NaN'|'-Infinity'|1e7|-1.5)$/.test(seed)
          ? `select setseed(${seed}), 1`
          : `select setseed(${seed}), random(), random() as b`;
      case 2:
        return `select k, random() from r where k < ${nextBelow(prng, 20)} and k <> ${nextBelow(prng, 20)} order by k`;
      case 3:
        return `select k, x, x from (select k, (random() * ${digits(prng, 3)})::int as x from r) as s order by k`;
      case 4:
        return `select count(*) from (select setseed(0.25)) as q, r where random() < 0.5`;
      default:
        return `select r, r from (select random() as r, k from r order by k limit 3) as s`;
    }
  },
  fixed: [
    'select setseed(0.5)',
    'select random()',
    'insert into r select 100 + (random() * 10)::int on conflict do nothing',
    'select random(1)',
    "select setseed('x')",
    'select setseed(true)',
    'select setseed()',
    'select k from r order by random(), k',
  ],
};
