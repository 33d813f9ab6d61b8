// A lab's host in this process, with nodes and disks in memory: what a person who waits is told when the cluster goes.

import { expect, test } from 'vitest';
import type { FabricEvent } from './fabric-messages.ts';
import { makeLabHost } from './lab-host.ts';

test('a statement that waits is answered as unknown when another cluster takes the place of its own', async () => {
  const events: FabricEvent[] = [];
  const host = makeLabHost((event) => events.push(event));
  const fallback = { preset: 'cynosdb', seed: 1 };
  await host.handle({
    kind: 'boot',
    id: 1,
    lab: 'test',
    storage: 'memory',
    fallback,
    failpoint: null,
    keyframe: null,
  });
  await host.handle({ kind: 'pause' });
  const long = 'x'.repeat(70_000);
  await expect(
    host.handle({ kind: 'sql', id: 6, session: 's', text: long, runToReply: false }),
  ).rejects.toThrow('64 KiB');
  const answer = host.handle({ kind: 'sql', id: 2, session: 's', text: 'select 1', runToReply: false });
  expect(await host.handle({ kind: 'tape', id: 5 })).toContain('select 1');
  await host.handle({ kind: 'start', id: 3, source: { kind: 'preset', ...fallback }, standAt: null });
  expect(await answer).toMatchObject({ result: { outcome: 'unknown', scn: -1 } });
  expect(events.filter((event) => event.kind === 'notice')).toEqual([]);
  await host.handle({ kind: 'forget', id: 4 });
}, 120_000);
