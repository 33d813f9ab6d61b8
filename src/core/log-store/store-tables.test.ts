// The tables of what the storage role takes, held against what the rooms say of their messages.

import { expect, test } from 'vitest';
import { messageTable } from '../cluster/messages.ts';
import { groupMessages, messages } from './store-tables.ts';

test('every message that is for a store has one handler, and so have the answers that come back to who asked', () => {
  const handled = [...Object.keys(messages), ...Object.keys(groupMessages)].sort();
  const own = Object.entries(messageTable).flatMap(([kind, { to }]) => (to === 'store' ? [kind] : []));
  expect(handled).toEqual([...own, 'ManifestIs', 'ObjectPart'].sort());
});
