// What the inspector’s tabs say of a picture and of a tape.

import { expect, test } from 'vitest';
import { parseTape } from '../../sim/tape-parse.ts';
import { tapes } from '../../stacks/tapes.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { configRows, tapeWith } from './config-tab.tsx';
import { projectLsn } from './lsn-facts.tsx';
import { listRecords } from './node-log.tsx';
import { rawText } from './raw-tab.tsx';

const header = (text: string) => {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.tape.header;
};

test('PRE-1 every parameter is listed with the value the run has, and a change is another tape', () => {
  const own = header(
    'postdb-tape 1\nengine 0.1.0\npreset cynosdb\nprofile demo\nset reqTimeoutMs 40\nseed 3\n',
  );
  const rows = configRows(own);
  expect(rows.length).toBeGreaterThan(25);
  const changed = rows.find(({ name }) => name === 'reqTimeoutMs');
  expect(changed).toMatchObject({ value: 40 });
  expect(changed?.usual).not.toBe(40);
  const next = header(tapeWith(own, new Map([['resendMs', 33]])));
  expect(next).toMatchObject({ preset: 'cynosdb', seed: 3 });
  expect(new Map(next.changes)).toEqual(
    new Map([
      ['reqTimeoutMs', 40],
      ['resendMs', 33],
    ]),
  );
});

test('an LSN is where its group’s replicas have it', () => {
  const frame = makeHookFrame();
  const record = frame.nodes.flatMap((node) => listRecords(node, '').shown)[0];
  expect(record).toBeDefined();
  const model = projectLsn(frame, record?.lsn ?? -1, null);
  expect(model.group).toBe(record?.group);
  expect(model.holders.length).toBe(3);
  expect(model.durable).toBe(model.holders.filter(({ holding }) => holding === 'durable').length);
  expect(projectLsn(frame, 999_999_999, null)).toMatchObject({ record: null, holders: [] });
});

test('the log is filtered by LSN, kind, group and page', () => {
  const frame = makeHookFrame();
  const node = frame.nodes.find((one) => listRecords(one, '').all > 0);
  if (node === undefined) throw new Error('a node with records');
  const { shown } = listRecords(node, '');
  const [newest] = shown;
  expect(shown.map(({ lsn }) => lsn)).toEqual([...shown].map(({ lsn }) => lsn).sort((a, b) => b - a));
  expect(listRecords(node, String(newest?.lsn)).shown).toContainEqual(newest);
  expect(listRecords(node, 'no such thing').shown).toEqual([]);
});

test('raw data is the picture itself', () => {
  const [node] = makeHookFrame().nodes;
  expect(JSON.parse(rawText(node))).toEqual(JSON.parse(JSON.stringify(node)));
});
