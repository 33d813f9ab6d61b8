// WAL-41, WAL-42: objects under names that tell their content; whoever reads one believes nothing it has not checked.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, type Term } from '../../base/ids.ts';
import {
  archiveRecord,
  baseObject,
  G1,
  joinRecords,
  logObject,
  manifestGroup,
  manifestObject,
} from './archive-fixture.ts';
import { isNamedFor, logObjectName, parseObjectName } from './object-name.ts';
import { encodeLogSegment, objectsOf, openBaseObject, openLogSegment, openManifest } from './objects.ts';

describe('WAL-42 names', () => {
  test('a name tells volume, group, range and checksum', () => {
    const { name, bytes } = logObject(1, 30, [4, 9]);
    expect(parseObjectName(name)).toMatchObject({
      kind: 'log',
      volume: 'v1',
      group: 'g1',
      first: 1,
      end: 30,
    });
    expect(isNamedFor(name, bytes)).toBe(true);
    expect(parseObjectName(baseObject(40, [1], 2).name)).toMatchObject({ kind: 'base', base: 40, part: 2 });
    expect(parseObjectName(manifestObject(6, []).name)).toMatchObject({ kind: 'manifest', version: 6 });
  });

  test.each([
    '',
    'v1',
    'v1/g1/log/1-2-00000000',
    'v1/g1/log/0000000000000030-0000000000000001-00000000',
    'v1/../log/0000000000000001-0000000000000030-00000000',
    'v1/g1/base/0000000000000001-00000000',
    'v1/manifest/12-00000000',
  ])('"%s" is no object name', (name) => {
    expect(parseObjectName(name)).toBeNull();
  });

  test('names sort as their LSNs do', () => {
    const names = [5, 40, 300, 2000].map((first) => logObject(first, first + 1, []).name);
    expect([...names].reverse().sort()).toEqual(names);
  });
});

describe('WAL-41 log segments', () => {
  test('a segment gives back its range and records; one without records too', () => {
    const { name, bytes } = logObject(1, 30, [4, 9, 29]);
    const opened = openLogSegment(name, bytes);
    expect(opened.ok && opened.value.records.map(({ record }) => record.lsn)).toEqual([4, 9, 29]);
    const empty = logObject(30, 61, []);
    expect(openLogSegment(empty.name, empty.bytes)).toMatchObject({ ok: true, value: { records: [] } });
  });

  const wrong: readonly (readonly [
    string,
    number,
    number,
    string,
    readonly (readonly [number, number])[],
  ])[] = [
    ['a record above the range', 1, 5, 'g1', [[5, 0]]],
    ['a record below the range', 4, 9, 'g1', [[3, 2]]],
    ['a record of another group', 1, 5, 'g2', [[2, 0]]],
    [
      'a record missing between two',
      1,
      9,
      'g1',
      [
        [2, 0],
        [7, 5],
      ],
    ],
    ['a first record that follows one inside the range', 1, 9, 'g1', [[7, 4]]],
    [
      'records that descend',
      1,
      9,
      'g1',
      [
        [7, 0],
        [3, 2],
      ],
    ],
  ];
  test.each(wrong)('%s is refused', (_what, first, end, group, links) => {
    const records = joinRecords(links.map(([lsn, prev]) => archiveRecord(lsn, prev, groupId(group))));
    const segment = { group: G1, first: first as Lsn, end: end as Lsn, token: 1 as Term, records };
    const bytes = encodeLogSegment(segment);
    const opened = openLogSegment(logObjectName('v1', G1, [first, end], bytes), bytes);
    expect(opened.ok ? '' : opened.error).toMatch(/LSN \d+/);
  });

  test('the content must be what the name says', () => {
    const { bytes } = logObject(1, 30, [4]);
    const other = logObjectName('v1', G1, [1, 31], bytes);
    expect(openLogSegment(other, bytes)).toMatchObject({ ok: false });
  });
});

test('F08 a flipped bit anywhere in an object is found', () => {
  const objects = [
    { ...logObject(1, 30, [4, 9]), open: openLogSegment },
    { ...baseObject(40, [1, 2, 9]), open: openBaseObject },
    { ...manifestObject(3, []), open: openManifest },
  ];
  for (const { name, bytes, open } of objects) {
    expect(open(name, bytes).ok).toBe(true);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(open(name, damaged).ok).toBe(false);
    }
  }
});

test('WAL-41 pages of a base are in order and none is newer than the base', () => {
  const { name, bytes } = baseObject(40, [2, 1]);
  expect(openBaseObject(name, bytes)).toMatchObject({ ok: false });
});

describe('WAL-42 manifests', () => {
  const logs = [logObject(0, 30, [4]), logObject(30, 61, [])];
  const group = manifestGroup(logs, [
    [0, 30],
    [30, 61],
  ]);

  test('a manifest comes back as it was, and names every object once', () => {
    const cpls = [
      { lsn: 4 as Lsn, time: 40, commit: true },
      { lsn: 9 as Lsn, time: 38, commit: false },
      { lsn: (2 ** 40) as Lsn, time: 2 ** 45, commit: true },
    ];
    const { name, bytes } = manifestObject(3, [group], { cpls });
    const opened = openManifest(name, bytes);
    expect(opened).toMatchObject({ ok: true, value: { version: 3, groups: [group], cpls } });
    expect(opened.ok && objectsOf(opened.value)).toEqual(logs.map((log) => log.name));
  });

  const [first, second] = group.logs;
  test.each([
    ['segments out of order', { logs: [second, first] }],
    ['a segment under a name of another range', { logs: [{ ...first, end: 31 }] }],
    ['bases out of order', { bases: [40, 8].map((base) => ({ base, pages: 0, parts: [] })) }],
    [
      'a base part of another base',
      { bases: [{ base: 8, pages: 1, parts: [{ ...baseObject(9, [1]), bytes: 1 }] }] },
    ],
  ])('%s is refused', (_what, changes) => {
    const { name, bytes } = manifestObject(3, [{ ...group, ...changes } as never]);
    expect(openManifest(name, bytes)).toMatchObject({ ok: false, error: expect.stringMatching(/g1/) });
  });

  test('a group twice is refused', () => {
    const { name, bytes } = manifestObject(3, [group, group]);
    expect(openManifest(name, bytes)).toMatchObject({ ok: false, error: expect.stringContaining('twice') });
  });
});
