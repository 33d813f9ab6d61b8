import { expect, test } from 'vitest';
import { BUILTINS } from './builtins.ts';
import { FUNCTIONS, isPostgresFunction } from './functions.ts';

test('an overload gives its function every argument that it reads', () => {
  const short = [...FUNCTIONS].flatMap(([name, overloads]) =>
    overloads
      .filter(({ args, fn, fill }) => args.length + (fill === null ? 0 : 1) < BUILTINS[fn].length)
      .map(({ args }) => `${name}(${args.join(', ')})`),
  );
  expect(short).toEqual([]);
});

test('a function that PostgreSQL has is told from one that nobody has; one of ours by the types of its overloads there', () => {
  expect(isPostgresFunction('regexp_count', [], false)).toBe(true);
  expect(isPostgresFunction('no_such_function', [], false)).toBe(false);
  expect(isPostgresFunction('btrim', ['bytea', 'bytea'], true)).toBe(true);
  expect(isPostgresFunction('btrim', ['int4', 'int4'], true)).toBe(false);
});
