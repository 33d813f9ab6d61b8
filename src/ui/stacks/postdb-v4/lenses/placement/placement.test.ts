// The placement lens by pictures of real runs: groups by node and key range, a primary that dies, a driver's old copy of the map, and
// the heat of key ranges (docs/spec/placement.md).

import { describe, expect, test } from 'vitest';
import { present } from '../../../../../base/assert.ts';
import { time } from '../../../../../base/ids.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { t } from '../../../../i18n/i18n.ts';
import { computeOf } from '../../../../model/node-facts.ts';
import { whyText } from '../../../../model/plan-words.ts';
import { attachmentAt } from '../../../../model/volumes.ts';
import { shootWorld, startWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { describePlacement, nodeText, outcomeText, placeText, shardText } from './describe.ts';
import { heatKinds, projectHeat } from './heat.ts';
import { targetsOf } from './operators.ts';
import { type PlacementModel, projectPlacement } from './project.ts';
import { askPlacement, type PlacementQuery } from './query.ts';

const edge = await loadSqlEdge();
const load =
  '0.000 workload d1 main kind=tablet-transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';

const shoot = (atMs: number, lines: readonly string[] = []): WorldShot =>
  shootWorld({ edge, preset: 'postdb-v4', seed: 3, lines: [load, ...lines], atMs, view: { detail: true } });
const modelOf = (shot: WorldShot, fromMs = 0): PlacementModel =>
  present(
    projectPlacement(
      shot.nodes,
      shot.events.filter(({ at }) => at >= fromMs * 1000),
    ) ?? undefined,
    'a shard map',
  );

describe('groups by node', () => {
  const shot = shoot(300);
  const model = modelOf(shot, 200);

  test('PCS-36 PCS-39 a row a group in key order, the primary and two replicas of it, and who says so', () => {
    expect(model.rows.map(({ group }) => group)).toEqual(['g1', 'g2', 'g3', 'g4']);
    expect(model.rows.map(placeText)).toEqual([
      'accounts [−∞, 26)',
      'accounts [26, 51)',
      'accounts [51, 76)',
      'accounts [76, +∞)',
    ]);
    for (const { attachments, leader, vw, vr } of model.rows) {
      expect(Object.values(attachments).sort()).toEqual(['primary', 'replica', 'replica']);
      expect(attachments[present(leader ?? undefined, 'a primary')]).toBe('primary');
      expect([vw, vr]).toEqual([2, 2]);
    }
    expect(new Set(model.rows.map(({ leader }) => leader)).size).toBe(3);
    expect(model.source?.term).toBeGreaterThan(0);
    expect(model.bare).toEqual([]);
  });

  test('PCS-39 the metadata is asked by key, range, node and group, and answers with who serves it', () => {
    const query = { by: 'keys', table: 'accounts', from: '30', to: '', node: 'n2', group: 'g4' } as const;
    const groupsOf = (asked: Partial<PlacementQuery>): readonly string[] =>
      askPlacement(model, { ...query, ...asked }).map(({ row }) => row?.group ?? '–');
    expect(groupsOf({})).toEqual(['g2']);
    expect(groupsOf({ from: '25', to: '51' })).toEqual(['g1', 'g2', 'g3']);
    expect(groupsOf({ from: '-5' })).toEqual(['g1']);
    expect(groupsOf({ from: '9', to: '100' })).toEqual(['g1', 'g2', 'g3', 'g4']);
    expect(groupsOf({ from: '' })).toEqual([]);
    expect(groupsOf({ table: 'none' })).toEqual([]);
    expect(groupsOf({ by: 'node' })).toEqual(['g1', 'g2', 'g3', 'g4']);
    expect(groupsOf({ by: 'group' })).toEqual(['g4']);
  });

  test('the picture’s cluster has the groups, which its screen reads where other clusters have theirs', () => {
    expect(shot.frame.cluster.groups.map(({ id, replicas }) => [id, replicas.join()])).toEqual(
      model.rows.map(({ group }) => [group, 'n1,n2,n3']),
    );
    for (const [i, { keyFirst }] of shot.frame.cluster.groups.entries())
      if (i > 0) expect(keyFirst).toBe(shot.frame.cluster.groups[i - 1]?.keyEnd);
  });

  test('what each group and node does is counted in the window, and a driver that is up to date is wrong of none', () => {
    for (const { load: done } of model.rows) {
      expect(done.commits).toBeGreaterThan(0);
      expect(done.requests).toBeGreaterThanOrEqual(done.commits);
    }
    const ofNodes = model.nodes.reduce((sum, node) => sum + node.load.commits, 0);
    expect(ofNodes).toBe(model.rows.reduce((sum, row) => sum + row.load.commits, 0));
    expect(model.nodes.reduce((sum, { leads }) => sum + leads, 0)).toBe(4);
    expect(model.nodes.map(({ replicas }) => replicas)).toEqual([4, 4, 4]);
    expect(model.drivers).toEqual([
      {
        driver: 'd1',
        version: model.mapVersion,
        schemaVersion: model.schemaVersion,
        isDoubted: false,
        old: 0,
        missing: 0,
        routes: model.rows.map(({ group, leader, term, memberEpoch, geoEpoch }) => ({
          group,
          leader,
          term,
          memberEpoch,
          geoEpoch,
          isTrue: true,
        })),
      },
    ]);
  });

  test('the lens in words', () => {
    const words = describePlacement(model, t);
    expect(words).toContain('4 groups on 3 nodes');
    expect(words).toMatch(/g2, accounts \[26, 51\): primary n\d in term 1, replicas n\d and n\d\./);
    const open = present(model.rows[0]?.shards.at(-1), 'a shard');
    expect(shardText(open, t)).toMatch(/^from \d+ on, open$/);
  });
});

test('PCS-49 PCS-51 a dead primary is replaced under a greater term; until the driver hears of it its copy is shown as old', () => {
  const lost = modelOf(shoot(330, ['300.000 crash n2']));
  expect(lost.nodes.find(({ id }) => id === 'n2')?.status).toBe('down');
  const cutOff = shoot(450, ['290.000 partition d1 | n1 n2 n3', '300.000 crash n2 for 500.000 ms']);
  const cut = modelOf(cutOff);
  // Each recovery is seen whole: the replicas were fenced before it began (R1), and opened at its end (R7).
  const outages = cutOff.frame.outages.filter(({ openedAt }) => openedAt !== null);
  expect(outages.length).toBeGreaterThan(0);
  for (const { volume, writer, attempts } of outages) {
    expect(writer, volume).not.toBeNull();
    const { answers } = present(attempts.at(-1), volume);
    for (const step of ['R1', 'R2', 'R5', 'R7'])
      expect(answers.filter((one) => one.step === step).length, `${volume} ${step}`).toBeGreaterThanOrEqual(
        2,
      );
  }
  const moved = cut.rows.filter(({ term }) => term > 1);
  expect(moved.length).toBeGreaterThan(0);
  for (const { leader, old } of moved) {
    expect(leader).not.toBe('n2');
    expect(old.map(({ driver, term }) => [driver, term])).toEqual([['d1', 1]]);
  }
  // the planner may have moved another leadership meanwhile
  expect(moved.some(({ old }) => old[0]?.leader === 'n2')).toBe(true);
  expect(cut.drivers[0]?.old).toBeGreaterThanOrEqual(moved.length);
});

test('PCS-49 WAL-57 a primary serves once it has the volume open: neither a dead one does, nor one that still recovers it', () => {
  const run = startWorld({
    edge,
    preset: 'postdb-v4',
    seed: 3,
    lines: [load, '300.000 crash n2'],
    view: { detail: false },
  });
  let [dead, recovering, served] = [0, 0, 0];
  for (let at = 300_500; at < 420_000; at += 500) {
    run.runTo(time(at));
    const { frame, nodes, events } = run.shoot();
    const model = present(projectPlacement(nodes, events) ?? undefined, 'a model');
    for (const { leader, isServed, volume } of model.rows) {
      const view = nodes[leader ?? '']?.status === 'up' ? computeOf(nodes[leader ?? '']) : null;
      const state = view === null ? 'down' : (attachmentAt(view, volume)?.state ?? 'none');
      expect(isServed, `${volume} at ${frame.time}`).toBe(state === 'open');
      if (leader === 'n2') dead++;
      else if (!isServed) recovering++;
      else served++;
    }
    for (const { id, leads, serves, status } of model.nodes) {
      expect(serves).toBeLessThanOrEqual(leads);
      if (status === 'down') expect(serves, id).toBe(0);
    }
  }
  expect(dead).toBeGreaterThan(0);
  expect(recovering).toBeGreaterThan(0);
  expect(served).toBeGreaterThan(0);
});

test('PCS-39 a tablet that nobody has written is a row without a group', () => {
  const lines = [
    `200.000 sql d1 one "CREATE TABLE s (k int PRIMARY KEY, v int) WITH (split_at = '10,20')"`,
    '220.000 sql d1 one "INSERT INTO s VALUES (11, 0)"',
  ];
  const model = modelOf(shoot(280, lines));
  expect(model.rows.filter(({ table }) => table === 's').map(({ keys }) => keys)).toEqual(['[10, 20)']);
  expect(model.bare.map(({ keys }) => keys)).toEqual(['[−∞, 10)', '[20, +∞)']);
});

test('PCS-74 heat: every request, commit and record of the stretch is in one cell, and what happened to a group is on its row', () => {
  const to = 420_000;
  const shot = shoot(to / 1000, ['300.000 crash n2 for 60.000 ms']);
  const placement = modelOf(shot);
  const kinds: readonly string[] = heatKinds;
  const events = shot.events.filter(({ event }) => kinds.includes(event.kind));
  const heat = projectHeat(placement, events, to, to);
  const sum = (measure: 'requests' | 'commits' | 'records'): number =>
    heat.rows.reduce((all, { cells }) => all + cells[measure].reduce((a, b) => a + b, 0), 0);
  const count = (kind: string): number => events.filter(({ event }) => event.kind === kind).length;
  expect(sum('requests')).toBe(count('driver.route'));
  expect(sum('commits')).toBe(count('commit.ack'));
  expect(sum('commits')).toBeGreaterThan(50);
  expect(sum('records')).toBeGreaterThan(sum('commits'));
  const drawn = heat.rows.flatMap(({ marks: of }) => of);
  // a mark leads to its event
  for (const { from, listed } of drawn) expect([listed.at, events.includes(listed)]).toEqual([from, true]);
  const marks = drawn.map(({ kind }) => kind);
  expect(marks.filter((kind) => kind === 'made')).toHaveLength(4);
  expect(marks.filter((kind) => kind === 'lost').length).toBeGreaterThan(0);
  expect(marks.filter((kind) => kind === 'led').length).toBeGreaterThan(4);
});

test('PCS-113 PCS-74 a split: who is to have the upper keys stands below who has them; then both have theirs, and the heat shows it', () => {
  const [order, to] = ['300.000 splitGroup g2 "40"', 400_000];
  const keysIn = (shot: ReturnType<typeof shoot>): string[][] =>
    modelOf(shot)
      .rows.slice(1, 3)
      .map(({ group, keys }) => [group, keys]);
  expect(keysIn(shoot(306, [order]))).toEqual([
    ['g2', '[26, 51)'],
    ['g5', '÷ g2'],
  ]);
  const shot = shoot(to / 1000, [order]);
  expect(keysIn(shot)).toEqual([
    ['g2', '[26, 40)'],
    ['g5', '[40, 51)'],
  ]);
  const marked = projectHeat(modelOf(shot), shot.events, to, to).rows.filter(({ marks }) =>
    marks.some(({ kind }) => kind === 'split'),
  );
  expect(marked.map(({ group }) => group)).toEqual(['g2', 'g5']);
});

test('PCS-78 PCS-79 a node that is added gets replicas; one that is drained is shown as such until it ends', () => {
  const added = ['200.000 addNode n4 node a'];
  const there = modelOf(shoot(600, added)).nodes.find(({ id }) => id === 'n4');
  expect(there?.replicas).toBeGreaterThan(0);
  expect(there?.isDrained).toBe(false);
  const draining = modelOf(shoot(603, [...added, '600.000 offline n4']));
  const leaving = present(
    draining.nodes.find(({ id }) => id === 'n4'),
    'n4',
  );
  expect(leaving.isDrained).toBe(true);
  expect(nodeText(leaving, t)).toBe(`up, is drained: ${leaving.replicas} replicas left`);
  expect(describePlacement(draining, t)).toContain('n4: up, is drained');
  const kept = modelOf(shoot(640, [...added, '600.000 offline n4', '604.000 cancelOffline n4']));
  expect(kept.nodes.find(({ id }) => id === 'n4')?.isDrained).toBe(false);
});

test('PCS-48 WAL-64 a primary of the old set leads until another does, and is no voter of the new one', () => {
  // The group of it moves to the node that was added, by a joint set.
  const shot = shootWorld({
    edge,
    preset: 'postdb-v4',
    seed: 7,
    lines: [load, '200.000 addNode n4 node a'],
    atMs: 255,
    view: { detail: true },
  });
  const row = modelOf(shot).rows.find(({ attachments }) =>
    Object.values(attachments).includes('leavingPrimary'),
  );
  const { leader = null, attachments = {} } = row ?? {};
  expect(leader).not.toBeNull();
  expect(attachments[`${leader}`]).toBe('leavingPrimary');
  expect(Object.values(attachments).filter((one) => one === 'replica')).toHaveLength(3);
});

describe('operators', () => {
  const added = ['200.000 addNode n4 node a'];

  test('PCS-67 PCS-62 what is planned and what runs has the planner’s reason, and the scores by which it chose', () => {
    const before = modelOf(shoot(199));
    expect(before.planned).toEqual([]);
    // four groups, each less than the first step of size and of load (PCS-96)
    expect(before.nodes.map(({ cost }) => cost)).toEqual([262_184, 262_184, 262_184]);
    // orders that come together are planned together (PCS-75)
    const waiting = modelOf(shoot(230, added));
    expect([waiting.isSettling, waiting.running, waiting.planned?.length]).toEqual([
      true,
      [],
      expect.any(Number),
    ]);
    expect(waiting.planned?.length).toBeGreaterThan(0);
    const model = modelOf(shoot(260, added));
    expect(model.isSettling).toBe(false);
    const [running] = model.running;
    expect(running?.why).toBe('BALANCE');
    expect(running?.move.to).toBe('n4');
    // what is under way counts as done
    expect(model.nodes.find(({ id }) => id === 'n4')?.cost).toBeGreaterThan(0);
    expect(describePlacement(model, t)).toMatch(/g\d: n\d costs more than n4 by more than the tolerance/);
    const settled = modelOf(shoot(600, added));
    expect([settled.running, settled.planned]).toEqual([[], []]);
    const done = settled.past.filter(({ why, outcome }) => why === 'BALANCE' && outcome === 'done');
    expect(done.length).toBeGreaterThan(0);
    for (const one of done) {
      expect(one.bytes).toBeGreaterThan(0);
      expect(outcomeText(one, t)).toMatch(/^done in [\d.]+ ms$/);
    }
    const ledBy = settled.past.filter(({ why }) => why === 'transfer');
    for (const one of ledBy) expect(outcomeText(one, t)).toMatch(/^n\d is appointed (instead, )?after/);
  });

  test('PCS-99 a replica that a person moves is shown as their order; a node that has one, or is drained, is no target', () => {
    const model = modelOf(shoot(620, [...added, '601.000 moveReplica n2 n4']));
    const ordered = model.past.filter(({ why }) => why === 'order');
    expect(ordered.length).toBeGreaterThan(0);
    expect(whyText('order', 'n1', 'n4', t)).toBe('a person’s order');
    const nodes = [
      { id: 'n1', status: 'up', isDrained: false },
      { id: 'n4', status: 'up', isDrained: false },
      { id: 'n5', status: 'up', isDrained: true },
      { id: 'n6', status: 'down', isDrained: false },
    ];
    expect(targetsOf(nodes, { n1: 'primary', n4: 'none', n5: 'none', n6: 'none' })).toEqual(['n4']);
  });

  test('PCS-79 of a node that is drained each replica is listed with the log that it has, and where it goes', () => {
    const model = modelOf(shoot(652, [...added, '600.000 offline n4']));
    const held = model.rows.filter(
      ({ attachments }) => attachments.n4 !== undefined && attachments.n4 !== 'none',
    );
    expect(model.drains.map(({ group }) => group).sort()).toEqual(held.map(({ group }) => group).sort());
    for (const { node, scl, nwl } of model.drains) {
      expect(node).toBe('n4');
      expect(nwl).toBeGreaterThanOrEqual(scl);
      expect(scl).toBeGreaterThan(0);
    }
    expect(model.running.some(({ why }) => why === 'DRAIN')).toBe(true);
    expect(model.drains.some(({ to, phase }) => to !== null && phase !== null)).toBe(true);
  });

  test('PCS-79 PCS-71 what moves off a drained node moves for that, while it drains, once it has ended, and where the drain was taken back', () => {
    const drained = [...added, '500.000 offline n2'];
    for (const lines of [drained, [...drained, '560.000 cancelOffline n2']])
      for (const atMs of [548, 700, 1500]) {
        const { past, running } = modelOf(shoot(atMs, lines));
        const ofDrain = [...past, ...running.map(({ why, move }) => ({ why, from: move.from }))].filter(
          ({ from, why }) => from === 'n2' && why !== 'transfer' && why !== 'BALANCE',
        );
        expect(ofDrain.length, `${atMs}`).toBeGreaterThan(0);
        expect(new Set(ofDrain.map(({ why }) => why)), `${atMs}`).toEqual(new Set(['DRAIN']));
      }
    expect(whyText('DRAIN', 'n2', 'n1', t)).toBe('n2 is drained');
    const died = modelOf(shoot(1900, [...added, '700.000 crash n2'])).past.filter(
      ({ from, why }) => from === 'n2' && why !== 'transfer',
    );
    expect(new Set(died.map(({ why }) => why))).toEqual(new Set(['REPAIR']));
  });
});
