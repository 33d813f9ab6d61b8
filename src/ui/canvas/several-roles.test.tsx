// A node with several roles on the map: one card with one head, a row for each role, and room for it in the layout.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { t } from '../i18n/i18n.ts';
import { detailsOf, leadOf, loadRoleDetails, nodeName, reportedRoles } from '../model/role-cards.ts';
import { makeSeveralRoles, severalCluster } from '../testing/several-roles.ts';
import { cardHeight, cardSize, layoutCluster } from './cluster-layout.ts';
import { DetailCard } from './node-card.tsx';

const node = makeSeveralRoles();

test('its roles are told in one order, whatever the order of its configuration', () => {
  const order = ['compute', 'store', 'meta'];
  expect(reportedRoles(node).map(({ card }) => card.role)).toEqual(order);
  expect(
    reportedRoles({ ...node, roles: ['meta', 'store', 'compute'] }).map(({ card }) => card.role),
  ).toEqual(order);
  expect(leadOf(node)?.role).toBe('compute');
  expect(nodeName(node, t)).toBe(
    'n1, writer, storage replica of g1 and g2 and control, up, VDL 122, token 1, SCL 111 and 110, 4 holes',
  );
});

test('its card has one head and one foot, and marks and body of each role', () => {
  const html = renderToStaticMarkup(<DetailCard node={node} health="up" t={t} />);
  const count = (part: string): number => html.split(part).length - 1;
  expect([count('card-head'), count('card-foot')]).toEqual([1, 1]);
  expect([count('card-marks'), count('card-body')]).toEqual([3, 3]);
  for (const word of ['VDL', 'SCL g2', 'term', 'LAL window', 'rw', 'filling', 'leader', '<svg'])
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
