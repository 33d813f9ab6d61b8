// The two facts of a violation: of traces written by hand, as the monitors themselves judge them.

import { expect, test } from 'vitest';
import { nodeId, time } from '../../../base/ids.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import {
  ack,
  append,
  begin,
  cluster,
  commitAck,
  committed,
  computed,
  created,
  durable,
  feed,
  good,
  hole,
  install,
  type Line,
  pgcl,
  standing,
  tail,
  vdl,
} from '../../../sim/checks/monitor-fixture.ts';
import { makeMonitors } from '../../../sim/checks/monitors.ts';
import { known } from '../../../stacks/known.ts';
import { traceKinds, traceRank } from '../../../stacks/trace.ts';
import { cynosdbTables } from '../../stacks/cynosdb/tables.ts';
import { findConflict, kindsOf } from './conflict.ts';

const clues = cynosdbTables.clues ?? {};

const listed = (lines: readonly Line[]): readonly ListedEvent[] =>
  lines.map(([node, event], index) => ({
    at: time(index),
    node: nodeId(node),
    ordinal: index,
    causeNode: null,
    causeOrdinal: 0,
    event,
    index,
    rank: traceRank(event.kind),
  }));

const grant = (token: number): Line => ['meta', { kind: 'token.grant', volume: 'v1', token, holder: 'rw' }];
const done: Line = [
  'meta',
  { kind: 'restore.done', volume: 'v2', lsn: 3, token: 2, writer: 'rw-2', lacking: '' },
];

/** What the monitors find of a rule in the lines, with its facts. */
function explained(rule: string, lines: readonly Line[]) {
  const monitors = makeMonitors(known.monitors, cluster, 10);
  feed(monitors, lines);
  const violation = monitors.violations.find((one) => one.rule === rule);
  if (violation === undefined) throw new Error(`a violation of ${rule}`);
  return { violation, ...findConflict(violation, listed(lines)) };
}

test.each<readonly [string, readonly Line[], string, string, string, object]>([
  [
    'wal.ack-after-durable',
    [...created, append(1, 2), ack('s1', 2)],
    'wal.ack s1 wal',
    'wal.durable s1 wal',
    'the records of the acknowledgement',
    { kind: 'lsn', lsn: 2 },
  ],
  [
    'wal.pgcl-true',
    [...created, append(1, 1), durable('s1', [1]), ack('s2', 0), pgcl(1)],
    'mark.pgcl rw wal',
    'wal.ack s2 wal',
    'the mark',
    { kind: 'lsn', lsn: 1 },
  ],
  [
    'wal.quorum-overlap',
    [...created, append(1, 1), append(2, 2), durable('s1', [1, 2]), durable('s2', [1]), vdl(2)],
    'mark.vdl rw mtr',
    'mtr.append rw mtr',
    'the mark',
    { kind: 'lsn', lsn: 2 },
  ],
  [
    'wal.vdl-is-cpl',
    [...created, append(1, 2), durable('s1', [1]), durable('s2', [1]), vdl(1)],
    'mark.vdl rw mtr',
    'mtr.append rw mtr',
    'the mark',
    { kind: 'lsn', lsn: 1 },
  ],
  [
    'wal.marks-monotone',
    [...committed, vdl(2)],
    'mark.vdl rw mtr',
    'mark.vdl rw mtr',
    'the lower',
    { kind: 'lsn', lsn: 2 },
  ],
  [
    'wal.acked-at-vdl',
    [...created, append(1, 1, 1, true), durable('s1', [1]), commitAck(1, 1)],
    'commit.ack rw mtr',
    'mtr.append rw mtr',
    'the commit record',
    { kind: 'lsn', lsn: 1 },
  ],
  [
    'wal.acked-survives',
    [...committed, ...tail, computed(2, 2, 13)],
    'recovery.computed rw wal',
    'commit.ack rw mtr',
    'the end that was computed',
    { kind: 'lsn', lsn: 2 },
  ],
  [
    'fence.token-monotone',
    [...created, install('s1', 3), install('s2', 4), install('s1', 2)],
    'token.install s1 recovery',
    'token.install s1 recovery',
    'the node',
    { kind: 'node', id: 's1' },
  ],
  [
    'hole.one-live-request',
    [...committed, hole(1, 3, 1), hole(2, 4, 2)],
    'hole.sent s3 wal',
    'hole.sent s3 wal',
    'where the request begins',
    { kind: 'lsn', lsn: 2 },
  ],
  [
    'restore.token-above',
    [grant(2), standing('loading', { lastTerm: 2 })],
    'restore.standing meta chains',
    'token.grant meta recovery',
    'whose report it is',
    { kind: 'node', id: 'meta' },
  ],
  [
    'restore.write-quorum',
    [...committed, begin(), begin({ volume: 'v3', groups: 'g3', writer: 'rw-3' }), standing('done')],
    'restore.standing meta chains',
    'restore.begin meta chains',
    'whose report it is',
    { kind: 'node', id: 'meta' },
  ],
  [
    'restore.write-quorum',
    [...committed, standing('loading'), done],
    'restore.done meta chains',
    'restore.standing meta chains',
    'whose report it is',
    { kind: 'node', id: 'meta' },
  ],
])('%s: what broke it, and what that contradicts', (rule, lines, offence, against, _what, subject) => {
  const found = explained(rule, lines);
  const said = (fact: typeof found.offence): string =>
    fact === null ? 'none' : `${fact.listed.event.kind} ${fact.listed.node} ${fact.lens}`;
  expect([said(found.offence), said(found.against)]).toEqual([offence, against]);
  expect(found.offence?.subject).toMatchObject(subject);
  expect(found.offence?.listed.index).toBe(lines.length - 1);
  expect(found.against?.listed.index).toBeLessThan(lines.length - 1);
});

test('a restore is held against its own order, not against the newest', () => {
  const lines = [...committed, begin(), begin({ volume: 'v3', groups: 'g3', writer: 'rw-3' }), done];
  expect(explained('restore.write-quorum', lines).against?.listed.event).toMatchObject({ volume: 'v2' });
});

test('of two events of one instant the one whose numbers the monitor reported is meant', () => {
  const lines: Line[] = [...created, append(1, 2), ack('s1', 2)];
  const monitors = makeMonitors(known.monitors, cluster, 10);
  feed(monitors, lines);
  const [violation] = monitors.violations;
  if (violation === undefined) throw new Error('a violation');
  const events = listed(lines);
  const last = events.at(-1);
  if (last === undefined) throw new Error('events');
  const other = {
    ...last,
    index: last.index + 1,
    event: { ...last.event, group: 'g9', scl: 77 },
  } as ListedEvent;
  expect(findConflict(violation, [...events, other]).offence?.listed).toBe(last);
});

test('what is gone from the trace is not made up: no offence, no opposite', () => {
  const monitors = makeMonitors(known.monitors, cluster, 10);
  feed(monitors, [...created, append(1, 2), ack('s1', 2)]);
  const [violation] = monitors.violations;
  if (violation === undefined) throw new Error('a violation');
  expect(findConflict(violation, [])).toEqual({ offence: null, against: null, isOfWholeRun: false });
  // A trace that has the earlier event only does not say which of those before was meant.
  expect(findConflict(violation, listed(created)).against).toBeNull();
});

test('a rule that the end of a run judges has the event that was left, and says that no event breaks it', () => {
  const events = listed([
    ...good,
    ['s1', { kind: 'scrub.bad', group: 'g1', what: 'log', damage: 'crc', lsns: [3], blockKey: -1 }],
  ]);
  const violation = {
    rule: 'scrub.repaired',
    at: time(99),
    node: nodeId('s1'),
    message: 'g1 still lacks LSN 3',
  };
  const found = findConflict(violation, events);
  expect(found).toMatchObject({ offence: null, isOfWholeRun: true });
  expect(found.against?.listed.event.kind).toBe('scrub.bad');
});

test('every clue names kinds of events that exist, and an opposite for each offence', () => {
  for (const [rule, { offence, against }] of Object.entries(clues)) {
    expect(kindsOf(rule).filter((kind) => !traceKinds.includes(kind))).toEqual([]);
    if (offence.length > 0) expect(against.length, rule).toBeGreaterThan(0);
  }
  expect(findConflict({ rule: 'no.such', at: time(1), node: null, message: '' }, [])).toMatchObject({
    isOfWholeRun: true,
  });
});
