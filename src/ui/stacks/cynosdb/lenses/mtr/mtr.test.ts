// Lens 4.2 on pictures of real runs: MTRs by their boundaries, states by what the stores hold, and the least cause.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { t } from '../../../../i18n/i18n.ts';
import { shootWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { blockedText, composition, describeMtr, mtrMatches } from './describe.ts';
import { mergedLog } from './merged-log.ts';
import { type MtrModel, mtrNeed, projectMtr } from './project.ts';

// As the field says.
setSettings({ wording: 'expert' });

const edge = await loadSqlEdge();

const setup = [
  '10.000 sql d1 "create table t (id int primary key, v int)"',
  '14.000 sql d1 "insert into t values (1, 1)"',
];

function shoot(lines: readonly string[], atMs: number): WorldShot {
  return shootWorld({ edge, lines: [...setup, ...lines], atMs, view: { log: true } });
}

function project({ frame, nodes, events }: WorldShot, span = 64): MtrModel {
  const logEvents = events.flatMap(({ event }) =>
    event.kind === 'mtr.append' || event.kind === 'recovery.computed' ? [event] : [],
  );
  return projectMtr({ cluster: frame.cluster, nodes, events: logEvents }, { span, end: null });
}

test('WAL-1, WAL-3 blocks are whole mini-transactions, one after the other, with their groups in order', () => {
  const model = project(shoot([], 20));
  const whole = model.mtrs.filter(({ isWhole }) => isWhole);
  expect(whole.length).toBeGreaterThan(3);
  expect(model.mtrs.slice(1).map(({ first }) => first)).toEqual(
    model.mtrs.slice(0, -1).map(({ last }) => last),
  );
  expect(whole.every(({ state }) => state === 'durable')).toBe(true);
  const spread = whole.find(({ cells }) => new Set(cells.map(({ group }) => group)).size > 1);
  expect(spread === undefined ? '' : composition(spread)).toMatch(/g1.*g2|g2.*g1/);
});

test('a log whose events are asked for is on its way, and not empty', () => {
  const lines = [
    '200.000 workload d1 kind=transfer rows=10 clients=1 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
  ];
  const shot = shootWorld({ edge, preset: 'polardb', lines, atMs: 260, view: {} });
  const { frame, nodes } = shot;
  const unasked = projectMtr({ cluster: frame.cluster, nodes, events: null }, { span: 64, end: null });
  expect([unasked.tail > 0, unasked.mtrs, unasked.isLoaded]).toEqual([true, [], false]);
  const asked = project(shot);
  expect([asked.mtrs.length > 0, asked.isLoaded]).toEqual([true, true]);
});

test('WAL-19 a commit above VDL waits, and its transaction is the one that its records name', () => {
  const shot = shoot(['20.000 sql d1 "update t set v = 2 where id = 1"'], 20.9);
  const model = project(shot);
  expect(model.waiting).toHaveLength(1);
  const [waiting] = model.waiting;
  const commit = model.mtrs.find(({ commit: isCommit, last }) => isCommit && last - 1 === waiting?.scn);
  expect(commit?.tx).toBe(waiting?.tx);
  expect(commit?.state).not.toBe('durable');
  expect(model.sessions.find(({ session }) => session === 'main')).toMatchObject({ waiting: 'commit' });
});

test('WAL-16 VCL is not the smallest PGCL: a group without news holds nothing back', () => {
  const model = project(shoot([], 20));
  expect(model.vcl).toBe(model.tail);
  expect(model.minPgcl).toBeLessThan(model.vcl);
  expect(model.blocked).toBeNull();
  expect(describeMtr(model, t)).toContain(`The smallest PGCL is ${model.minPgcl}, VCL is ${model.vcl}`);
});

test('WAL-15 with two of three replicas cut off, VCL names the record and who lacks it', () => {
  const lines = ['19.000 cut rw-1 | store-2 store-3', '20.000 sql d1 "update t set v = 3 where id = 1"'];
  const model = project(shoot(lines, 24));
  expect(model.blocked).toMatchObject({ lsn: model.vcl + 1, copies: 1, vw: 2 });
  expect(model.blocked?.missing.map(({ replica, why }) => [replica, why])).toEqual([
    ['store-2', 'notArrived'],
    ['store-3', 'notArrived'],
  ]);
  expect(model.mtrs.at(-1)?.state).toBe('partial');
  expect(model.waiting[0]?.by?.lsn).toBe(model.vcl + 1);
  expect(describeMtr(model, t)).toContain('store-2: not arrived');
});

test('WAL-16 the lanes merge in the order of LSNs: a record that its group lacks stops those that others have behind it', () => {
  const idle = project(shoot([], 20));
  expect(mergedLog(idle).every(({ place }) => place === 'in')).toBe(true);
  // g1 stops at two of three stores, g2 goes on with other two.
  const cut = ['19.000 cut rw-1 | store-2 store-3', '20.000 sql d1 "update t set v = 3 where id = 1"'];
  const stopped = mergedLog(project(shoot(cut, 24)));
  const at = stopped.findIndex(({ place }) => place === 'stop');
  expect(at).toBeGreaterThan(0);
  expect(stopped.slice(0, at).every(({ place }) => place === 'in')).toBe(true);
  expect(stopped.slice(at + 1).map(({ place }) => place)).not.toContain('in');
  // What is at quorum in its own group is behind the stop all the same.
  const { mtrs, groups, vcl, blocked } = project(shoot(cut, 24));
  const ahead = groups.map((line) => (line.group === blocked?.group ? line : { ...line, pgcl: 1e6 }));
  const places = mergedLog({ mtrs, groups: ahead, vcl, blocked }).filter(({ lsn }) => lsn > vcl);
  for (const { group, place } of places.slice(1))
    expect(place).toBe(group === blocked?.group ? 'behind' : 'ready');
  expect(new Set(places.map(({ place }) => place)).size).toBeGreaterThan(1);
  expect(mergedLog({ ...idle, vcl: -1 })).toEqual([]);
});

test('WAL-53 what a recovery annulled is not in the strip, though the writer traced it', () => {
  const lines = [
    '19.000 cut rw-1 | store-1 store-2 store-3',
    '20.000 sql d1 "update t set v = 3 where id = 1"',
    '22.000 crash rw-1',
    '22.500 healAll',
    '23.000 restart rw-1',
  ];
  const shot = shoot(lines, 80);
  const model = project(shot, 256);
  const computed = shot.events
    .flatMap(({ event }) => (event.kind === 'recovery.computed' ? [event] : []))
    .at(-1);
  const annulled = model.mtrs.filter(
    ({ first }) => first > (computed?.vdlPrime ?? 0) && first < (computed?.startLsn ?? 0),
  );
  const lost = shot.events.filter(
    ({ event }) => event.kind === 'mtr.append' && event.first > (computed?.vdlPrime ?? 0) && event.term === 1,
  );
  expect(lost.length).toBeGreaterThan(0);
  expect(annulled).toEqual([]);
});

test('WAL-52 while the writer recovers the strip stays at the stores’ newest records and claims no mark', () => {
  const lines = ['20.000 sql d1 "update t set v = 3 where id = 1"', '24.000 crash rw-1 for 1 ms'];
  const model = project(shoot(lines, 26.5));
  expect(model).toMatchObject({
    recovering: true,
    vcl: -1,
    vdl: -1,
    blocked: null,
    minPgcl: -1,
    nextCpl: -1,
  });
  expect(model.mtrs.length).toBeGreaterThan(3);
  expect(model.mtrs.some(({ state }) => state === 'durable')).toBe(true);
  expect(describeMtr(model, t)).toContain('The writer recovers');
});

test('FS-70 of a log in a file no copies are counted: it says who has not acknowledged', () => {
  const blocked = { lsn: 521, group: 'wal', vw: 0, copies: 0, missing: [] };
  expect(blockedText(blocked, t)).toMatch(/^Log record 521: the leader of the chunk has not acknowledged/);
});

test('a replica that is down is named as the cause', () => {
  const lines = [
    '18.000 crash store-2',
    '18.000 crash store-3',
    '20.000 sql d1 "update t set v = 3 where id = 1"',
  ];
  const model = project(shoot(lines, 24));
  expect(model.blocked?.missing.map(({ why }) => why)).toEqual(['down', 'down']);
});

test('WAL-74 a batch that left the buffer is the last one of its group', () => {
  const model = project(shoot(['20.000 sql d1 "update t set v = 2 where id = 1"'], 20.9));
  const line = model.groups.find(({ group }) => group === 'g1');
  expect(line?.buffer?.batch?.last).toBe(line?.buffer?.sentTo);
});

test('the filter knows LSNs, transactions, groups and kinds of records', () => {
  const model = project(shoot([], 20));
  const item = model.mtrs.find(({ commit }) => commit);
  if (item === undefined) throw new Error('no commit in the picture');
  expect(mtrMatches(item, String(item.first))).toBe(true);
  expect(mtrMatches(item, `tx ${item.tx}`)).toBe(true);
  expect(mtrMatches(item, 'COMMIT')).toBe(true);
  expect(mtrMatches(item, 'btreeInsert')).toBe(false);
  expect(mtrMatches(item, '')).toBe(true);
});

test.each([
  ['nothing known yet', null, { span: 32, end: null }, [null, 64]],
  ['the newest', { vdl: 1090, tail: 1100 }, { span: 32, end: null }, [null, 64]],
  ['the newest, much above VDL', { vdl: 900, tail: 1100 }, { span: 32, end: null }, [null, 200]],
  ['an earlier window', { vdl: 900, tail: 1100 }, { span: 32, end: 500 }, [[468, 1101], 200]],
  ['a window above VDL', { vdl: 900, tail: 1100 }, { span: 32, end: 1101 }, [[901, 1101], 200]],
  ['more open than is asked for', { vdl: 900, tail: 90_000 }, { span: 32, end: null }, [null, 1024]],
] as const)(
  'WAL-17 whatever the window, the next CPL is known: %s',
  (_what, model, scope, [lsnWindow, span]) => {
    expect(mtrNeed(model, scope)).toEqual({ lsnWindow, span });
  },
);
