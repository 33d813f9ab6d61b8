// The registry: every entry makes one action that the tape's parser reads back, or opens its panel; keys are unique per
// target; what is offered fits the state of what it is done to.

import { describe, expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { printAction } from '../../sim/tape-print.ts';
import { actionKinds, tapes } from '../../stacks/tapes.ts';
import { t } from '../i18n/i18n.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { faultLabel, faultNote } from './fault-label.ts';
import type { MenuSubject } from './menu-store.ts';
import {
  entriesFor,
  entryForKey,
  type FaultContext,
  faultRegistry,
  faultSubjects,
  timed,
} from './registry.ts';

const frame = makeHookFrame();
const subjects: Readonly<Record<MenuSubject['kind'], MenuSubject>> = {
  node: { kind: 'node', id: 'store-3' },
  link: { kind: 'link', a: 'rw-1', b: 'store-3' },
  message: { kind: 'message', id: frame.flights[0]?.id ?? '' },
  zone: { kind: 'zone', id: 'a' },
  world: { kind: 'world' },
  records: { kind: 'records', groups: ['g2'], first: 126, last: 129, node: null },
  request: { kind: 'request', node: 'store-3', id: 'r1' },
  page: { kind: 'page', group: 'g2', blockKey: 7, node: 'store-2' },
  group: { kind: 'group', id: 'g2' },
};
const context = (subject: MenuSubject, world: WorldFrame = frame): FaultContext => ({
  frame: world,
  subject,
  selection: ['store-2', 'store-3'],
});

const lines = (subject: MenuSubject, world: WorldFrame = frame): Readonly<Record<string, string>> =>
  Object.fromEntries(
    entriesFor(context(subject, world)).map((entry) => {
      const effect = entry.effect(context(subject, world));
      return [
        entry.id,
        effect.kind === 'act'
          ? printAction(tapes, timed(effect.action))
          : effect.kind === 'panel'
            ? `panel ${effect.panel.kind}`
            : 'run',
      ];
    }),
  );

const withStatus = (id: string, status: 'down' | 'frozen'): WorldFrame => ({
  ...frame,
  nodes: frame.nodes.map((node) => (node.id === id ? { ...node, status } : node)),
});

describe('what each entry writes on the tape', () => {
  test('node', () => {
    expect(lines(subjects.node)).toMatchObject({
      crash: 'crash store-3',
      crashLoseAll: 'crash store-3 loseAll',
      crashTorn: 'crash store-3 tornLast',
      stop: 'stop store-3 20.000 ms',
      bitRot: 'bitRot store-3 "store/g1/log/"',
      loseWrite: 'diskLoseWrite store-3 "store/g1/log/"',
      misdirect: 'diskMisdirect store-3 "store/g1/log/"',
      readError: 'diskReadError store-3 "store/g1/log/"',
      restart: 'restart store-3',
      freeze: 'freeze store-3',
      isolate: 'isolate store-3',
      cutLinks: 'panel cutLinks',
      partitionSelection: 'panel partition',
    });
  });

  test('the whole cluster: outages of those who keep the metadata, and the backup where there is one', () => {
    expect(lines(subjects.world)).toMatchObject({ 'powerOff.meta': 'powerOff meta-1' });
    expect(lines(subjects.world)).not.toHaveProperty('powerOff.objectStore');
    const backedUp: WorldFrame = {
      ...frame,
      nodes: frame.nodes.map((node) => (node.id === 'd1' ? { ...node, roles: ['objectStore'] } : node)),
    };
    expect(lines(subjects.world, backedUp)).toMatchObject({ 'powerOff.objectStore': 'powerOff d1' });
    const outage = (world: WorldFrame) =>
      entriesFor(context(subjects.world, world)).find(({ id }) => id === 'powerOff.meta');
    expect(outage(frame)?.enabled(context(subjects.world))).toBe(true);
    const dark = withStatus('meta-1', 'down');
    expect(outage(dark)?.enabled(context(subjects.world, dark))).toBe(false);
  });

  test('link', () => {
    expect(lines(subjects.link)).toMatchObject({
      cut: 'cut rw-1 | store-3',
      cutForSix: 'cut rw-1 | store-3 for 6.000 ms',
      cutThere: 'cut rw-1 > store-3',
      cutBack: 'cut store-3 > rw-1',
      heal: 'heal rw-1 | store-3',
    });
  });

  test('message', () => {
    const id = frame.flights[0]?.id ?? '';
    expect(lines(subjects.message)).toMatchObject({
      drop: `dropMessage ${id}`,
      duplicate: `duplicateMessage ${id}`,
      delayOne: `delayMessage ${id} 1.000 ms`,
    });
  });

  test('world', () => {
    expect(lines(subjects.world)).toMatchObject({
      healAll: 'healAll',
      partition: 'panel partition',
      rollbackMove: 'rollbackMove',
      'powerOff.world': 'powerOff d1 meta-1 rw-1 store-1 store-2 store-3',
    });
  });

  test('a page, a request and a group', () => {
    expect(lines(subjects.page)).toMatchObject({
      'page.rot': 'bitRot store-2 "store/g2/page/7/"',
      'page.unreadable': 'diskReadError store-2 "store/g2/page/7/"',
      'page.read': 'readPage rw-1 7 122',
      'page.evict': 'evictPage rw-1 7',
      'page.pin': 'pinPage rw-1 7',
      'page.unpin': 'unpinPage rw-1 7',
    });
    expect(lines(subjects.request)).toMatchObject({
      'request.cut': 'cut store-3 | store-1 for 6.000 ms',
      'request.crash': 'crash store-1',
    });
    expect(lines(subjects.group)).toMatchObject({
      'group.remake': 'moveReplica store-3 store-3 g2',
      'group.pauseHoles': 'pauseHoles store-3 g2',
      'group.rollback': 'rollbackMove g2',
    });
  });

  test('records: each message that carries them, to the replica that was pointed at or to all', () => {
    const acted = (subject: MenuSubject): readonly string[] => {
      const effect = faultRegistry.find(({ id }) => id === 'records.drop')?.effect(context(subject));
      return effect?.kind === 'actions'
        ? effect.actions.map((action) => printAction(tapes, timed(action)))
        : [];
    };
    const sent = frame.flights.filter(
      ({ fate, label }) => label.family === 'wal' && label.group === 'g2' && fate !== 'lost',
    );
    const all = acted(subjects.records);
    expect(all).toEqual(sent.map(({ id }) => `dropMessage ${id}`));
    expect(all.length).toBeGreaterThan(0);
    const [one] = sent;
    const there = acted({
      kind: 'records',
      groups: ['g2'],
      first: 126,
      last: 129,
      node: one?.to ?? '',
    });
    expect(there).toContain(`dropMessage ${one?.id}`);
    expect(acted({ kind: 'records', groups: ['g2'], first: 1, last: 2, node: null })).toEqual([]);
    expect(acted({ kind: 'records', groups: ['g7'], first: 126, last: 129, node: null })).toEqual([]);
  });

  test('PCS-79 PCS-80 PCS-100 a store is added; one is drained while others are enough, and may be kept', () => {
    expect(lines(subjects.world)['addStore.world']).toMatch(/^addNode store-4 store [abc]$/);
    expect(lines({ kind: 'zone', id: 'b' })['addStore.zone']).toBe('addNode store-4 store b');
    const mayLeave = (id: string, world: WorldFrame): boolean | undefined => {
      const at = context({ kind: 'node', id }, world);
      expect(entriesFor(at).map((entry) => entry.id)).not.toContain('removeNode');
      return entriesFor(at)
        .find((entry) => entry.id === 'offline')
        ?.enabled(at);
    };
    expect(mayLeave('store-3', frame)).toBe(false);
    const spare = frame.cluster.nodes.find(({ id }) => id === 'store-3');
    const [up] = frame.nodes.filter(({ id }) => id === 'store-3');
    if (spare === undefined || up === undefined) throw new Error('no store-3');
    const id = nodeId('store-4');
    const grown: WorldFrame = {
      ...frame,
      cluster: { ...frame.cluster, nodes: [...frame.cluster.nodes, { ...spare, id, isAdded: true }] },
      nodes: [...frame.nodes, { ...up, id }],
    };
    expect([mayLeave('store-3', grown), mayLeave('store-4', grown)]).toEqual([true, true]);
    expect(mayLeave('rw-1', grown)).toBeUndefined();
    expect(lines(subjects.node, grown)).toMatchObject({ offline: 'offline store-3' });
    const drained: WorldFrame = {
      ...grown,
      nodes: grown.nodes.map((one) => ({
        ...one,
        view: one.view && {
          ...one.view,
          roles: one.view.roles.map((role) =>
            role.role === 'meta' ? { ...role, storage: { offline: [id], moves: [], plan: [] } } : role,
          ),
        },
      })),
    };
    const kept = lines({ kind: 'node', id }, drained);
    expect(kept).toMatchObject({ cancelOffline: 'cancelOffline store-4' });
    expect(kept).not.toHaveProperty('offline');
    expect(lines(subjects.node, grown).moveReplica).toBe('moveReplica store-3 store-4');
  });

  test('zone', () => {
    expect(lines({ kind: 'zone', id: 'b' })).toMatchObject({
      isolateZone: 'isolate store-2',
      'powerOff.zone': 'powerOff store-2',
    });
  });

  test('aimed crashes, clocks and disks of a node', () => {
    expect(lines(subjects.node)).toMatchObject({
      powerOffSelection: 'powerOff store-2 store-3',
      crashLosing: 'panel crashLosing',
      crashKeepingLog: 'crashKeeping store-3 only "/log/"',
      'crash.before.ack': 'crashOn store-3 before ack',
      'crash.after.holeFill': 'crashOn store-3 after holeFill',
      slowCpu: 'slowCpu store-3 100 us',
      clockBehind: 'clock store-3 -50.000 ms',
      clockFast: 'clockDrift store-3 10000',
      diskSlow: 'diskSlow store-3 1000 %',
      diskRoom: 'diskRoom store-3 200 %',
      diskDropBuffer: 'dropBuffer store-3',
      bitRotPage: 'bitRot store-3 "store/g1/page/"',
    });
    expect(lines(subjects.node)).toMatchObject({
      wipeDisk: 'wipeDisk store-3 for 5.000 ms',
      snapshotDisk: 'snapshotDisk store-3',
      remakeReplica: 'moveReplica store-3 store-3',
      pauseHoles: 'pauseHoles store-3',
      resumeHoles: 'resumeHoles store-3',
    });
    // no spare store in this cluster: it is shown, and says so
    const move = entriesFor(context(subjects.node)).find(({ id }) => id === 'moveReplica');
    expect(move?.enabled(context(subjects.node))).toBe(false);
    expect(move && faultNote(move, context(subjects.node))).toBe(
      'No store is without replicas. Add a store first.',
    );
    expect(lines({ kind: 'node', id: 'rw-1' }).wipeDisk).toBeUndefined();
    expect(lines({ kind: 'node', id: 'rw-1' }).snapshotDisk).toBeUndefined();
    expect(lines(subjects.node).putDiskBack).toBe('rollbackDisk store-3 for 5.000 ms');
    expect(lines(subjects.node)['crash.before.R3']).toBeUndefined();
    expect(lines({ kind: 'node', id: 'rw-1' })['crash.before.R3']).toBe('crashOn rw-1 before R3');
  });

  test('what is waited for on a link, each direction by itself', () => {
    const writerToStore = lines(subjects.link);
    expect(writerToStore['dropNextThere.wal']).toBe('dropNext rw-1 > store-3 : wal 1');
    expect(writerToStore['dropNextBack.ack']).toBe('dropNext store-3 > rw-1 : ack 1');
    expect(writerToStore['dropNextThere.holeFill']).toBeUndefined();
    const peers = lines({ kind: 'link', a: 'store-1', b: 'store-2' });
    expect(peers['holdNextBack.holeFill']).toBe('holdNext store-2 > store-1 : holeFill 1');
    expect(writerToStore.capLink).toBe('bandwidth rw-1 | store-3 : 256');
  });
});

test('every action of the registry is an action of the tape', () => {
  for (const [kind, subject] of Object.entries(subjects))
    for (const entry of faultRegistry.filter(({ target }) => target === kind)) {
      const effect = entry.effect(context(subject));
      if (effect.kind === 'act') expect(actionKinds[effect.action.kind], entry.id).toBeDefined();
    }
});

test('every fault of the tape is in the registry, but those that only a power cut or a workload makes', () => {
  const made = new Set<string>();
  const worlds = [frame, withStatus('store-3', 'down'), withStatus('store-3', 'frozen')];
  for (const world of worlds)
    for (const subject of faultSubjects(world))
      for (const entry of faultRegistry.filter(({ target }) => target === subject.kind)) {
        const effect = entry.effect(context(subject, world));
        if (effect.kind === 'act') made.add(effect.action.kind);
      }
  const byPanel = ['crashLosing', 'partition'];
  const missing = Object.entries(actionKinds)
    .filter(([kind, { isFault }]) => isFault && kind !== 'powerCut' && !byPanel.includes(kind))
    .map(([kind]) => kind)
    .filter((kind) => !made.has(kind));
  expect(missing).toEqual([]);
});

test('what each entry writes reads back as the same action', () => {
  for (const subject of faultSubjects(frame))
    for (const entry of entriesFor(context(subject))) {
      const effect = entry.effect(context(subject));
      if (effect.kind !== 'act' || !entry.enabled(context(subject))) continue;
      const text = printAction(tapes, timed(effect.action));
      const read = parseAction(tapes, `0.000 ${text}`);
      expect('error' in read ? read.error : printAction(tapes, read), entry.id).toBe(text);
    }
});

test('ids are unique, and a key has one entry per subject that is offered now', () => {
  expect(new Set(faultRegistry.map(({ id }) => id)).size).toBe(faultRegistry.length);
  for (const world of [frame, withStatus('store-3', 'down'), withStatus('store-3', 'frozen')])
    for (const subject of Object.values(subjects)) {
      const here = context(subject, world);
      const keys = entriesFor(here).flatMap((entry) => (entry.key && entry.enabled(here) ? [entry.key] : []));
      expect(new Set(keys).size).toBe(keys.length);
    }
});

test('every entry has words, with the names of what it is done to', () => {
  for (const subject of Object.values(subjects))
    for (const entry of entriesFor(context(subject))) {
      const label = faultLabel(entry, context(subject), t);
      expect(label, entry.id).not.toMatch(/^fault\.|\{\{/);
    }
  const oneWay = faultRegistry.find(({ id }) => id === 'cutThere');
  expect(oneWay && faultLabel(oneWay, context(subjects.link), t)).toBe('Cut rw-1 to store-3');
});

test('Z freezes what is up and resumes what is frozen, C and R fit the state', () => {
  const key = (k: 'C' | 'R' | 'Z', world: WorldFrame): string | null =>
    entryForKey(k, context(subjects.node, world))?.id ?? null;
  expect([key('C', frame), key('R', frame), key('Z', frame)]).toEqual(['crash', null, 'freeze']);
  const down = withStatus('store-3', 'down');
  expect([key('C', down), key('R', down), key('Z', down)]).toEqual([null, 'restart', null]);
  expect(key('Z', withStatus('store-3', 'frozen'))).toBe('resume');
});

test('a message that has arrived offers nothing', () => {
  const gone = context({ kind: 'message', id: 'rw-1.999.0' });
  expect(entriesFor(gone).filter((entry) => entry.enabled(gone))).toEqual([]);
});

test('healing a node heals its links to all others', () => {
  const entry = faultRegistry.find(({ id }) => id === 'healNode');
  const effect = entry?.effect(context({ kind: 'node', id: nodeId('store-3') }));
  expect(effect?.kind === 'act' && printAction(tapes, timed(effect.action))).toBe(
    'heal store-3 | d1 meta-1 rw-1 store-1 store-2',
  );
});
