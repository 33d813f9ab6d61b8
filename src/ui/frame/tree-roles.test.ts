// The outline's lines below a node: every role of it, with its state and its groups.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { setSettings } from '../../state/settings-store.ts';
import { t } from '../i18n/i18n.ts';
import { loadRoleDetails } from '../model/role-cards.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { roleLines } from './tree-roles.ts';

// As the field says.
setSettings({ wording: 'expert' });

await loadRoleDetails();
const frame = makeHookFrame();
const node = (id: string): NodeFrame => {
  const found = frame.nodes.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};

test('every role of every node has a line, in the order of its configuration', () => {
  for (const one of frame.nodes)
    expect(roleLines(one, t).map(({ role }) => role)).toEqual(one.view?.roles.map(({ role }) => role));
});

test('a store says its holes and of each group where its log stands', () => {
  const [line] = roleLines(node('store-3'), t);
  expect(line?.text).toMatch(/^storage replica, boot \d+, \d+ holes, \d+ asked for$/);
  expect(line?.groups.map(({ id }) => id)).toEqual(['g1', 'g2']);
  for (const group of line?.groups ?? [])
    expect(group.text).toMatch(
      new RegExp(`^${group.id}: SCL \\d+, NCL \\d+, NWL \\d+, known PGCL \\d+, holes \\d+, pages \\d+$`),
    );
});

test('writer, control and driver say what they know and wait for', () => {
  const textOf = (id: string) => roleLines(node(id), t)[0]?.text ?? '';
  expect(textOf('rw-1')).toMatch(/^writer, boot \d+, open, token 1, VDL \d+, VCL \d+, tail \d+, /);
  expect(textOf('meta-1')).toMatch(/^control, .*term \d+, commit \d+, applied \d+, volume OPEN, writer rw-1/);
  expect(textOf('d1')).toMatch(/^driver, .*\d+ clients?, \d+ ok, \d+ refused, \d+ failed, \d+ unknown/);
  const [writer] = roleLines(node('rw-1'), t);
  expect(writer?.groups[0]?.text).toMatch(/^g\d: PGCL \d+, tail \d+, \d of 3 replicas answer$/);
});

test('a node that holds two roles has two lines', () => {
  const [store] = node('store-1').view?.roles ?? [];
  const [writer] = node('rw-1').view?.roles ?? [];
  if (store === undefined || writer === undefined) throw new Error('no roles');
  const id = nodeId('n1');
  const both: NodeFrame = {
    ...node('store-1'),
    id,
    roles: ['compute', 'store'],
    view: { node: id, roles: [writer, store] },
  };
  expect(roleLines(both, t).map(({ role }) => role)).toEqual(['compute', 'store']);
});

test('what is down tells what was last known, what was never heard of says so', () => {
  const down = roleLines({ ...node('store-2'), status: 'down' }, t);
  expect(down[0]?.text).toMatch(/^storage replica, as last known, /);
  expect(down[0]?.groups).toHaveLength(2);
  const unheard = roleLines({ ...node('store-2'), view: null }, t);
  expect(unheard).toEqual([{ role: 'store', text: 'storage replica, nothing known yet', groups: [] }]);
});
