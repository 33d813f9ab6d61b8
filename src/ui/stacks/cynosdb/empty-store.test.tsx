// A store without a replica of anything is not called whole.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { t } from '../../i18n/i18n.ts';
import { makeHookFrame } from '../../testing/hook-frame.ts';
import { storeCard } from './store-card.tsx';

const { nodes } = makeHookFrame();
const found = nodes.flatMap((node) =>
  (node.view?.roles ?? []).flatMap((view) => (view.role === 'store' ? [{ node, view }] : [])),
)[0];

test('a store without a replica says so', () => {
  if (found === undefined || storeCard.Chip === undefined) throw new Error('no store');
  const { Chip } = storeCard;
  const { node, view } = found;
  const part = { node, t };
  const chip = (groups: typeof view.groups): string =>
    renderToStaticMarkup(<Chip {...part} view={{ ...view, groups }} />);
  expect(chip([])).toContain('no replica');
  expect(chip(view.groups)).not.toContain('no replica');
});
