// Whose nodes run no SQL has a short program for them; that they do in it what they do in the whole one: live-undo.world.test.ts.

import { expect, test } from 'vitest';
import { presets } from './presets.ts';
import { storageProgramOf } from './storage-programs.ts';
import { isStorage } from './storage-roles.ts';

test('every stack that has nodes of storage has a program for them', () => {
  const having = new Set<string>();
  for (const name of presets.presetNames) {
    const cluster = presets.findPreset(name)?.cluster;
    if (cluster?.nodes.some(({ roles }) => isStorage(roles))) having.add(presets.stackOf(cluster));
  }
  expect([...having].sort()).toEqual(['cynosdb', 'polardb']);
  for (const stack of having) expect(storageProgramOf(stack)).toBeDefined();
});
