import { expect, test } from 'vitest';
import { BUILTINS } from './builtins.ts';
import { FUNCTIONS } from './functions.ts';

test('an overload gives its function every argument that it reads', () => {
  const short = [...FUNCTIONS].flatMap(([name, overloads]) =>
    overloads
      .filter(({ args, fn, fill }) => args.length + (fill === null ? 0 : 1) < BUILTINS[fn].length)
      .map(({ args }) => `${name}(${args.join(', ')})`),
  );
  expect(short).toEqual([]);
});
