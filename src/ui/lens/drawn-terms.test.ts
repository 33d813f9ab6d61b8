// Names in drawings are found as they are under the pointer: whole labels with their numbers, names within a text, each once.

import { expect, test } from 'vitest';
import { termsOfLabels } from './drawn-terms.ts';

const keysOf = (...labels: string[]): string[] => termsOfLabels(labels).map(({ key }) => key);

test('labels with numbers, names within words, each once and in the order of the glossary', () => {
  expect(keysOf('NWL', 'VDL 122', 'tail 129', 'SCL ≥ 120', 'VDL')).toEqual(['vdl', 'tail', 'scl', 'nwl']);
  expect(keysOf('store-3', '118', '')).toEqual([]);
});
