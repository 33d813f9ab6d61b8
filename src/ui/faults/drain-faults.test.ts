// The entries by which a node is drained, or kept, by pictures of real runs of each architecture (docs/spec/placement.md PCS-79, PCS-80, PCS-100;
// polarfs.md FS-77).

import { afterEach, beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { printAction } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import { loadChinese, setLanguage, t } from '../i18n/i18n.ts';
import { shootWorld } from '../testing/world-frame.ts';
import { drainFaults } from './drain-faults.ts';
import { faultLabel } from './fault-label.ts';
import { entriesFor, type FaultContext, timed } from './registry.ts';

// `setLanguage` writes the document's language; tests have none.
Object.assign(globalThis, { document: { documentElement: {} } });
afterEach(() => setLanguage('en'));
beforeAll(loadChinese);

const edge = await loadSqlEdge();
const own = new Set(drainFaults.map(({ id }) => id));

/** The lines of its entries of each node, in brackets where they are not enabled. */
function offered(preset: string, lines: readonly string[], atMs: number, ...nodes: string[]): string[][] {
  const { frame } = shootWorld({ edge, preset, seed: 3, lines, atMs, view: { detail: true } });
  return nodes.map((id) => {
    const context: FaultContext = { frame, subject: { kind: 'node', id }, selection: [] };
    return entriesFor(context)
      .filter((entry) => own.has(entry.id))
      .map((entry) => {
        setLanguage('zh-CN');
        expect(faultLabel(entry, context, t), entry.id).toMatch(/\p{Script=Han}/u);
        setLanguage('en');
        expect(faultLabel(entry, context, t), entry.id).not.toMatch(/^fault\.|\{\{|\p{Script=Han}/u);
        const effect = entry.effect(context);
        const text = effect.kind === 'act' ? printAction(tapes, timed(effect.action)) : effect.kind;
        return entry.enabled(context) ? text : `(${text})`;
      });
  });
}

test('PCS-79 PCS-80 PCS-100 a store is drained while as many others stay as a group has replicas, those that leave not counted', () => {
  expect(offered('cynosdb-ro', [], 150, 'store-1', 'rw-1', 'ro-1')).toEqual([['(offline store-1)'], [], []]);
  const added = ['60.000 addNode store-4 store a', '140.000 offline store-2'];
  expect(offered('cynosdb-ro', added.slice(0, 1), 150, 'store-1', 'store-4')).toEqual([
    ['offline store-1'],
    ['offline store-4'],
  ]);
  expect(offered('cynosdb-ro', added, 142, 'store-1', 'store-2')).toEqual([
    ['(offline store-1)'],
    ['cancelOffline store-2'],
  ]);
});

test('PCS-80 a node that votes on the metadata is not drained while nobody could vote instead', () => {
  expect(offered('postdb-v4', [], 200, 'n1', 'd1')).toEqual([['(offline n1)'], []]);
  expect(offered('postdb-v4', ['60.000 addNode n4 node a'], 200, 'n1', 'n4')).toEqual([
    ['offline n1'],
    ['offline n4'],
  ]);
});

test('FS-77 PCS-80 a chunk server is drained while as many others stay as a chunk has replicas', () => {
  expect(offered('polardb', [], 230, 'cs-1', 'rw-1')).toEqual([['(offline cs-1)'], []]);
  const added = ['60.000 addNode cs-4 chunk a', '220.000 offline cs-1'];
  expect(offered('polardb', added, 224, 'cs-1', 'cs-2')).toEqual([
    ['cancelOffline cs-1'],
    ['(offline cs-2)'],
  ]);
});
