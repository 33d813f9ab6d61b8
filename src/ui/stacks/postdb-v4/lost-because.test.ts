// Why the metadata takes a volume from its primary is said in the language of the screen.

import { afterEach, expect, test, vi } from 'vitest';
import { loadChinese, setLanguage, t } from '../../i18n/i18n.ts';
import { lostBecause } from './captions.ts';

vi.stubGlobal('document', { documentElement: { lang: 'en' } });
await loadChinese();
afterEach(() => setLanguage('en'));

const all = ['first', 'restarted', 'gave up', 'silent', 'cut off'];

test('PCS-48 every reason that the leader of the metadata gives has words', () => {
  expect(lostBecause('silent', t)).toBe('silent');
  setLanguage('zh-CN');
  for (const why of all) expect(lostBecause(why, t), why).toMatch(/\p{Script=Han}/u);
});
