import { expect, test } from 'vitest';
import { checkStartOptions } from './start-options.ts';

test.each([
  [{ preset: 'cynosdb', seed: 7, profile: 'sweep' }, 'unknown option profile; known: preset, seed'],
  [{ preset: 'cynosdb' }, 'seed undefined of preset cynosdb'],
  [{ preset: 'cynosdb', seed: 1.5 }, 'seed 1.5'],
])('a run is not started with %o', (options, message) => {
  expect(() => checkStartOptions(options as never)).toThrow(message);
});

test('a run is started with a preset and a seed', () => {
  expect(() => checkStartOptions({ preset: 'cynosdb', seed: 0 })).not.toThrow();
});
