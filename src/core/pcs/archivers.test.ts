// Who archives a group (WAL-40): named when there is none, when it is no member any more, silent, or has declined.

import { describe, expect, test } from 'vitest';
import { groupId, type NodeId, nodeId, type Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { applyMeta, initialContent } from './apply-meta.ts';
import { archiverOf, makeArchiverDriver, recordDeclined, wantedArchivers } from './archivers.ts';
import type { MetaContent } from './meta-content.ts';

const stores = ['s1', 's2', 's3'].map(nodeId);
const [s1, s2, s3] = stores as [NodeId, NodeId, NodeId];
const g1 = groupId('g1');
const cluster: ClusterSpec = {
  preset: 'test',
  volume: 'v1',
  nodes: [
    { id: nodeId('rw-1'), zone: 'a', roles: ['compute'] },
    { id: nodeId('cos-1'), zone: 'a', roles: ['objectStore'] },
  ],
  groups: ['g1', 'g2'].map((id) => ({
    id: groupId(id),
    replicas: stores,
    keyFirst: 0,
    keyEnd: 10,
    vw: 2,
    vr: 2,
  })),
};
const BEAT = 10;
const SILENT = 20 * BEAT;
const at = (us: number): Time => us as Time;

function opened(): MetaContent {
  const content = initialContent(cluster);
  const [first] = content.volumes;
  if (first) Object.assign(first, { created: true, state: 'OPEN' });
  return content;
}

let asked = 0;
const name = (content: MetaContent, group: string, to: NodeId, isLast = false) =>
  applyMeta(content, {
    kind: 'nameArchiver',
    from: nodeId('meta-1'),
    boot: 1,
    reqId: ++asked,
    group: groupId(group),
    to,
    isLast,
    why: 'asked',
  });

type BeatAt = readonly [NodeId, number];
const beatsOf = (...beatsAt: readonly BeatAt[]) =>
  new Map(beatsAt.map(([node, us]) => [node, { at: at(us) }]));
const everyone = (us: number) => beatsOf([s1, us], [s2, us], [s3, us]);

describe('WAL-40 who is named', () => {
  const wanted = (
    content: MetaContent,
    now: number,
    beats = everyone(now),
    declined: readonly BeatAt[] = [],
    why: 'floor' | 'behind' = 'floor',
  ) => {
    const driver = makeArchiverDriver(cluster, BEAT);
    driver.since.at = at(0);
    for (const [node, us] of declined) recordDeclined(driver, { group: g1, why }, node, at(us));
    return wantedArchivers(driver, content, { beats, now: at(now) }).map(({ group, to, isLast, why }) => [
      group,
      to,
      isLast,
      why,
    ]);
  };

  test('the groups in turn when there is none, and nobody before the volume is open', () => {
    expect(wanted(opened(), 500)).toEqual([
      ['g1', s1, false, 'first'],
      ['g2', s2, false, 'first'],
    ]);
    expect(wanted(initialContent(cluster), 500)).toEqual([]);
  });

  test.each<[string, NodeId, BeatAt[], BeatAt[], unknown]>([
    [
      'its heartbeats arrive: nobody',
      s1,
      [
        [s1, 490],
        [s2, 490],
        [s3, 490],
      ],
      [],
      [],
    ],
    [
      'silent for less than 20 heartbeats: nobody',
      s1,
      [
        [s1, 500 - SILENT + 1],
        [s2, 490],
        [s3, 490],
      ],
      [],
      [],
    ],
    [
      'silent: the next',
      s1,
      [
        [s1, 500 - SILENT],
        [s2, 490],
        [s3, 490],
      ],
      [],
      [['g1', s2, false, 'silent']],
    ],
    [
      'silent, the next too: the one after',
      s1,
      [
        [s1, 1],
        [s2, 1],
        [s3, 490],
      ],
      [],
      [['g1', s3, false, 'silent']],
    ],
    [
      'all silent: nobody',
      s1,
      [
        [s1, 1],
        [s2, 1],
        [s3, 1],
      ],
      [],
      [],
    ],
    ['silent, no heartbeat of the others: nobody', s1, [[s1, 1]], [], []],
    [
      'declined: the next',
      s1,
      [
        [s1, 490],
        [s2, 490],
        [s3, 490],
      ],
      [[s1, 480]],
      [['g1', s2, false, 'declined']],
    ],
    [
      'two have: the third',
      s2,
      [
        [s1, 490],
        [s2, 490],
        [s3, 490],
      ],
      [
        [s1, 470],
        [s2, 480],
      ],
      [['g1', s3, false, 'declined']],
    ],
    [
      'long ago: it may have the log by now',
      s1,
      [
        [s1, 490],
        [s2, 490],
        [s3, 490],
      ],
      [[s1, 500 - SILENT]],
      [],
    ],
    [
      'all have: the log is gone, the next goes on without it',
      s3,
      [
        [s1, 490],
        [s2, 490],
        [s3, 490],
      ],
      [
        [s1, 460],
        [s2, 470],
        [s3, 480],
      ],
      [['g1', s1, true, 'declined']],
    ],
    [
      'two have and the third is silent: it is waited for',
      s2,
      [
        [s1, 490],
        [s2, 490],
        [s3, 1],
      ],
      [
        [s1, 470],
        [s2, 480],
      ],
      [],
    ],
  ])('%s', (_, held, beats, declined, expected) => {
    const content = opened();
    name(content, 'g1', held);
    name(content, 'g2', s3);
    const others = wanted(content, 500, beatsOf(...beats), declined).filter(([group]) => group === 'g1');
    expect(others).toEqual(expected);
  });

  test('one that is no member any more', () => {
    const content = opened();
    name(content, 'g1', s1);
    name(content, 'g2', s2);
    const [first] = content.volumes;
    if (first) first.groups = first.groups.map((one) => ({ ...one, sets: [[s2, s3]] }));
    expect(wanted(content, 500)).toEqual([['g1', s2, false, 'removed']]);
  });

  test('one that was named last of all does not decline again', () => {
    const content = opened();
    name(content, 'g1', s1, true);
    name(content, 'g2', s2);
    expect(wanted(content, 500, everyone(490), [[s1, 480]])).toEqual([]);
  });

  test('one that lacks log for now: another, whatever it was named for, and the log does not count as gone', () => {
    const content = opened();
    name(content, 'g1', s1, true);
    name(content, 'g2', s2);
    const behind = (...declined: readonly BeatAt[]) =>
      wanted(content, 500, everyone(490), declined, 'behind');
    expect(behind([s1, 480])).toEqual([['g1', s2, false, 'declined']]);
    expect(behind([s1, 480], [s2, 470], [s3, 460])).toEqual([]);
  });

  test('after a start of the metadata nobody counts as silent before it has listened', () => {
    const content = opened();
    name(content, 'g1', s1);
    name(content, 'g2', s2);
    const driver = makeArchiverDriver(cluster, BEAT);
    const judge = (now: number, ...beatsAt: readonly BeatAt[]) =>
      wantedArchivers(driver, content, { beats: beatsOf(...beatsAt), now: at(now) });
    expect(judge(1000)).toEqual([]);
    expect(judge(1000 + SILENT - 1, [s3, 1100])).toEqual([]);
    expect(judge(1000 + SILENT, [s3, 1100]).map(({ to }) => to)).toEqual([s3, s3]);
  });
});

test('WAL-40 each appointment has a number of its own; who is no voter is refused', () => {
  const content = opened();
  expect(name(content, 'g1', s1)).toMatchObject({ archiver: { appointment: 1 } });
  expect(name(content, 'g1', s2)).toMatchObject({ archiver: { appointment: 2 } });
  expect(name(content, 'g1', s2)).toMatchObject({ archiver: { appointment: 3 } });
  expect(name(content, 'g2', s2)).toMatchObject({ archiver: { appointment: 1 } });
  expect(name(content, 'g1', nodeId('s9'))).toEqual({ kind: 'archiverRefused', error: 'NOT_VOTER' });
  expect(name(content, 'g9', s1)).toEqual({ kind: 'archiverRefused', error: 'NO_GROUP' });
  expect(archiverOf(content, g1)).toEqual({ group: g1, node: s2, appointment: 3, isLast: false });
});
