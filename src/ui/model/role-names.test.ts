// What the icon of a card that is seen from far stands for, in words: for every node of every preset, in both languages.

import { expect, test, vi } from 'vitest';
import { time } from '../../base/ids.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { offeredPresets } from '../../stacks/preset-names.ts';
import { setLanguage, t } from '../i18n/i18n.ts';
import { startWorld } from '../testing/world-frame.ts';
import { leadName, roleIcon, roleNames } from './role-cards.ts';

vi.stubGlobal('document', { documentElement: { lang: 'en' } });
const edge = await loadSqlEdge();

test.each(offeredPresets)('%s: each role has a name, and one icon has one name', async (preset) => {
  const run = startWorld({ edge, preset, lines: [], view: {} });
  run.runTo(time(30_000));
  for (const language of ['en', 'zh-CN'] as const) {
    await setLanguage(language);
    const names = new Map<unknown, Set<string>>();
    for (const node of run.shoot().frame.nodes) {
      expect(roleNames(node, t)).not.toBe('');
      const icon = roleIcon(node);
      names.set(icon, (names.get(icon) ?? new Set()).add(leadName(node, t)));
    }
    expect([...names.values()].filter((own) => own.size > 1)).toEqual([]);
  }
});
