// A page is named in the language of the screen; a table keeps the name that its owner gave it.

import { afterEach, expect, test, vi } from 'vitest';
import type { TableView } from '../../core/engine/buffer-view.ts';
import { pageKey } from '../../core/page/page-key.ts';
import { loadChinese, setLanguage, t } from '../i18n/i18n.ts';
import { pageName } from './page-name.ts';

vi.stubGlobal('document', { documentElement: { lang: 'en' } });
await loadChinese();
afterEach(() => setLanguage('en'));

const table = (name: string, relation: number): TableView =>
  ({ name, relation, keyRelation: relation + 1, indexes: [] }) as unknown as TableView;
const tables = [table('catalog', 1025), table('accounts', 1030)];

test('the catalog is a page of the system, like the commit log', () => {
  const names = () => [1025, 1026, 1030].map((relation) => pageName(pageKey(relation, 0, 0), tables, t));
  expect(names()).toEqual(['catalog#0', 'catalog.key#0', 'accounts#0']);
  setLanguage('zh-CN');
  expect(names()).toEqual(['系统目录#0', '系统目录.key#0', 'accounts#0']);
});
