// The count beside VDL, live after a reload and in its review.

import { expect, test } from 'vitest';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { t } from '../i18n/i18n.ts';
import { ackedNote } from './acked-note.ts';

const at = (us: number): WorldFrame['time'] => us as WorldFrame['time'];

test('the whole run is counted, or the count is a lower bound that says since when', () => {
  expect(ackedNote({ commits: 61, since: at(0) }, t)).toBe('61 commits acked');
  expect(ackedNote({ commits: 9, since: at(412_500) }, t)).toMatch(/^≥ 9 commits acked since 412\.500 ms$/);
});
