// What stands beside the figures of a writer's log is of that writer, also while it recovers behind annulled LSNs.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { t } from '../../../../i18n/i18n.ts';
import { shootTransfers } from '../../../../testing/world-frame.ts';
import { aboveText, countedFrom, vdlNote } from './log-notes.ts';
import { projectWal } from './project.ts';

// As the field says.
setSettings({ wording: 'expert' });

test('WAL-7 an open writer counts from VDL', () => {
  const model = { vdl: 301, base: countedFrom({ vdl: 301, startLsn: 120 }) };
  expect(aboveText(model, 12, t)).toBe('VDL + 12');
});

test('WAL-7 in a recovery the limit is counted from the last annulled LSN, and adds up to the figure above it', async () => {
  const edge = await loadSqlEdge();
  const of = (atMs: number) => {
    const { frame, nodes } = shootTransfers(edge, atMs, '50.000 crash rw-1 for 4.000 ms');
    return projectWal(
      { cluster: frame.cluster, nodes, links: frame.links },
      { group: null, span: null, end: null, replica: null },
    );
  };
  const seen = Array.from({ length: 40 }, (_, i) => of(54 + i * 0.25));
  const said = (model: (typeof seen)[number]): number => {
    const words = aboveText(model, model.lal, t);
    const [, base = `${model.vdl}`, count] = /(?:annulled (\d+)|VDL) \+ (\d+)/.exec(words) ?? [];
    return Number(base) + Number(count);
  };
  const known = seen.filter(({ lalLimit }) => lalLimit >= 0);
  expect(known.map(said)).toEqual(known.map(({ lalLimit }) => lalLimit));
  const recovering = known.filter(({ writer, base, vdl }) => writer?.state === 'recovering' && base > vdl);
  expect(recovering.length).toBeGreaterThan(0);
});

test('VDL of a writer that recovers is its own, and not yet acknowledged', () => {
  expect(vdlNote(null, '18 acked', t)).toBe('18 acked');
  expect(vdlNote({ node: 'ha-1', vdl: -1 }, '18 acked', t)).toBe('18 acked');
  expect(vdlNote({ node: 'ha-1', vdl: 301 }, '18 acked', t)).toBe('VDL′ of ha-1');
});
