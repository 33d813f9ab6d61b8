// A node that writes two volumes: each lens reads the attachment of the volume that it shows.

import { expect, test } from 'vitest';
import { viewOf } from '../../../../../state/role-views.ts';
import { makeHookFrame } from '../../../../testing/hook-frame.ts';
import { findWriter } from './project.ts';

test('WAL-45 of a node that writes two volumes the attachment of the shown one counts', () => {
  const frame = makeHookFrame();
  const nodes = Object.fromEntries(
    frame.nodes.map((node) => {
      const compute = viewOf(node, 'compute');
      if (node.view === null || compute === null) return [node.id, node];
      const { role: _role, bootEpoch: _boot, others: _others, ...attachment } = compute;
      const second = { ...attachment, volume: 'v2', vdl: 7 };
      return [node.id, { ...node, view: { ...node.view, roles: [{ ...compute, others: [second] }] } }];
    }),
  );
  const writerOf = (volume: string): number | undefined =>
    findWriter({ cluster: { ...frame.cluster, volume }, nodes })?.view.vdl;
  expect(writerOf('v1')).toBe(122);
  expect(writerOf('v2')).toBe(7);
  expect(writerOf('v3')).toBeUndefined();
});
