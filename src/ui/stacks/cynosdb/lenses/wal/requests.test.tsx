// The table of live requests as it is drawn.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { nodeId } from '../../../../../base/ids.ts';
import type { GapRequestView } from '../../../../../core/log-store/store-view.ts';
import { makeHookFrame } from '../../../../testing/hook-frame.ts';
import { projectWal } from './project.ts';
import { Requests } from './requests.tsx';

/** Cells of a table, by row. */
const cellsOf = (markup: string): readonly (readonly string[])[] =>
  [...markup.matchAll(/<tr[^>]*>(.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell = '']) => cell.replaceAll(/<[^>]+>/g, '')),
  );

test('HOLE-27 the table of requests has the try of each request under its head', () => {
  const { cluster, nodes } = makeHookFrame();
  const model = projectWal(
    { cluster, nodes: Object.fromEntries(nodes.map((node) => [node.id, node])) },
    { group: null, span: null, end: null, replica: null },
  );
  const list = model.selected?.list;
  if (list == null) throw new Error('no replica is selected');
  const request = (counter: number, attempt: number): GapRequestView => ({
    id: `r${counter}`,
    reqId: ['store-3', 1, counter],
    peer: nodeId('store-1'),
    gapFirst: 100 + counter,
    gapEnd: 101 + counter,
    curGapPos: 100 + counter,
    ageUs: 0,
    limitUs: 6000,
    attempt,
  });
  const requests = [request(7, 1), request(8, 3)];
  const [head = [], ...rows] = cellsOf(
    renderToStaticMarkup(<Requests model={model} list={{ ...list, requests }} width={600} />),
  );
  const under = (name: string) => rows.map((cells) => cells[head.indexOf(name)]);
  expect(under('request')).toEqual(['r7 (b1, 7)', 'r8 (b1, 8)']);
  expect(under('try')).toEqual(['1', '3']);
});
