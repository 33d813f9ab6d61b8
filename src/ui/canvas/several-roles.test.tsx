// A node with several roles on the map: one card with one head, a row for each role, and room for it in the layout.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { t } from '../i18n/i18n.ts';
import { detailsOf, leadOf, loadRoleDetails, nodeName, reportedRoles } from '../model/role-cards.ts';
import { hookCluster } from '../testing/hook-cluster.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { cardHeight, cardSize, layoutCluster } from './cluster-layout.ts';
import { DetailCard } from './detail-card.tsx';

const roles = ['compute', 'store', 'meta'] as const;

/** Writer, log store with open holes, and metadata leader in one. */
function makeSeveralRoles(): NodeFrame {
  const { nodes } = makeHookFrame();
  const parts = ['meta-1', 'rw-1', 'store-3'].flatMap((id) => nodes.find((node) => node.id === id) ?? []);
  const [first] = parts;
  if (first === undefined) throw new Error('the fixture has its nodes');
  const id = nodeId('n1');
  return {
    ...first,
    id,
    roles,
    view: { node: id, roles: parts.flatMap((node) => node.view?.roles ?? []) },
  };
}

const severalCluster: ClusterSpec = {
  ...hookCluster,
  nodes: [
    { id: nodeId('d1'), zone: 'a', roles: ['driver'] },
    ...['a', 'b', 'c'].map((zone, i) => ({ id: nodeId(`n${i + 1}`), zone, roles })),
    ...['a', 'b', 'c'].map((zone, i) => ({ id: nodeId(`s${i + 1}`), zone, roles: ['store'] as const })),
  ],
};

const node = makeSeveralRoles();

test('its roles stand in one order, whatever the order of its configuration', () => {
  const order = ['compute', 'store', 'meta'];
  expect(reportedRoles(node).map(({ card }) => card.role)).toEqual(order);
  expect(
    reportedRoles({ ...node, roles: ['meta', 'store', 'compute'] }).map(({ card }) => card.role),
  ).toEqual(order);
  expect(leadOf(node)?.role).toBe('compute');
  expect(nodeName(node, t)).toBe(
    'n1, writer, storage replica of g1 and g2 and control, up, log safe up to 122, token 1, has all up to 111 and 110, 4 holes',
  );
});

test('its card has one head and one foot, and marks and body of each role', () => {
  const html = renderToStaticMarkup(<DetailCard node={node} health="up" t={t} />);
  const count = (part: string): number => html.split(part).length - 1;
  expect([count('card-head'), count('card-foot')]).toEqual([1, 1]);
  expect([count('card-marks'), count('card-body')]).toEqual([3, 3]);
  for (const word of [
    'log safe up to',
    'has g2 up to',
    'term',
    'not yet safe',
    'writer',
    'filling',
    'leader',
    '<svg',
  ])
    expect(html).toContain(word);
  expect(html).toContain(`height:${cardHeight(node)}px`);
  const failed = renderToStaticMarkup(<DetailCard node={{ ...node, view: null }} health="up" t={t} />);
  expect(failed).toContain('card-body');
});

test('its section of the inspector and its tabs are those of all its roles', async () => {
  await loadRoleDetails();
  expect(detailsOf(node).flatMap(({ role, Summary }) => (Summary === undefined ? [] : role))).toEqual([
    'compute',
    'store',
    'meta',
  ]);
});

test('its card is as high as its rows need, and no other card overlaps it', () => {
  expect(cardHeight({ roles: ['store'] })).toBe(cardSize.height);
  const { cards, gap } = layoutCluster(severalCluster);
  expect(cards.get('n1')?.height).toBe(cardHeight(node));
  expect(gap).toBeGreaterThan(100);
  const boxes = [...cards.values()];
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const isBeside = a.x + a.width <= b.x || b.x + b.width <= a.x;
      expect(isBeside || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
    }
  });
});
