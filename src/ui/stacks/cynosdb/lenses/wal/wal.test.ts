// Lens 4.1 on the reference state: what the picture shows is what the model says, in figures and in words.

import { describe, expect, test } from 'vitest';
import { MAX, nodeId, type Range } from '../../../../../base/ids.ts';
import type { GapRequestView, RunView } from '../../../../../core/log-store/store-view.ts';
import type { NodeFrame, WorldFrame } from '../../../../../run-model/picture/frame.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { t } from '../../../../i18n/i18n.ts';
import { groupRuns } from '../../../../model/runs.ts';
import { makeHookFrame } from '../../../../testing/hook-frame.ts';
import { describeWal, runName } from './describe.ts';
import type { WalModel, WalParams } from './model.ts';
import { besideLines } from './plot-scale.ts';
import { chooseWindow, countCopies, projectWal, walNeed } from './project.ts';
import { statusItems } from './status-items.ts';

// As the field says.
setSettings({ wording: 'expert' });

const follow: WalParams = { group: null, span: null, end: null, replica: null };

function project(params: Partial<WalParams> = {}, frame: WorldFrame = makeHookFrame()): WalModel {
  const nodes = Object.fromEntries(frame.nodes.map((node) => [node.id, node])) as Record<string, NodeFrame>;
  return projectWal({ cluster: frame.cluster, nodes }, { ...follow, ...params });
}

const kinds = (model: WalModel, node: string): readonly string[] =>
  model.rows.find((row) => row.node === node)?.runs.map((run) => `${run.kind} [${run.first},${run.end})`) ??
  [];

describe('the model', () => {
  test('volume, group and window as in the reference picture', () => {
    const model = project();
    expect(model).toMatchObject({
      volume: 'v1',
      group: 'g2',
      vdl: 122,
      vcl: 122,
      pgcl: 121,
      sgcl: 121,
      tail: 129,
    });
    expect(model.quorum).toEqual({ replicas: 3, vw: 2, vr: 2 });
    expect(model.window).toEqual([100, 132]);
    expect(model.lalLimit).toBe(222);
    expect(model.waiting).toBe(2);
  });

  test('R2 with fewer replicas that answer than a recovery reads, no end is claimed but the wait', () => {
    const whole = makeHookFrame();
    const change = (nodes: readonly NodeFrame[]): WalModel => project({}, { ...whole, nodes });
    expect(project().unreadable).toBe(null);
    const down = whole.nodes.map((node) =>
      node.id === 'store-2' || node.id === 'store-3' ? { ...node, status: 'down' as const } : node,
    );
    expect(change(down).unreadable).toEqual({ by: 'rw-1', group: 'g1', live: 1, vr: 2 });
    expect(describeWal(change(down), t)).toContain('recovery by rw-1 waits: 1 of 2 replicas of g1');
    expect(describeWal(change(down), t)).not.toContain('A recovery now would end');
    // Cut links: nobody is down, but the writer hears one of three.
    const cut = whole.nodes.map((node) => ({
      ...node,
      view: node.view && {
        ...node.view,
        roles: node.view.roles.map((role) =>
          role.role === 'compute'
            ? {
                ...role,
                groups: role.groups.map((group) => ({
                  ...group,
                  replicas: group.replicas.map((one) => ({ ...one, live: one.replica === 'store-1' })),
                })),
              }
            : role,
        ),
      },
    }));
    expect(['store-1', 'store-2', 'store-3'].map(change(cut).reach)).toEqual(['reached', 'away', 'away']);
    expect(change(cut).unreadable).toEqual({ by: 'rw-1', group: 'g1', live: 1, vr: 2 });
  });

  test('HOLE-4 rows are runs of data, holes asked and not asked, volatile writes and END above NWL', () => {
    const model = project();
    expect(kinds(model, 'store-1')).toEqual(['data [100,125)', 'end [125,132)']);
    expect(kinds(model, 'store-2')).toEqual(['data [100,122)', 'volatile [122,125)', 'end [125,132)']);
    expect(kinds(model, 'store-3')).toEqual([
      'data [100,111)',
      'sent [111,115)',
      'data [115,118)',
      'hole [118,122)',
      'data [122,125)',
      'end [125,132)',
    ]);
  });

  test('copies count replicas that hold a record durably, volatile writes not among them', () => {
    const model = project();
    const at = (lsn: number): number =>
      model.copies.find(({ first, end }) => first <= lsn && lsn < end)?.copies ?? -1;
    expect([105, 112, 116, 119, 122, 124, 126].map(at)).toEqual([3, 2, 3, 2, 2, 2, 0]);
  });

  test('records of one MTR in one group make one block with a flag at its CPL; other groups stand alone', () => {
    const blocks = project().blocks;
    expect(blocks.find(({ first }) => first === 107)).toEqual({
      first: 107,
      end: 109,
      own: true,
      cpl: true,
    });
    expect(blocks.find(({ first }) => first === 118)).toMatchObject({ end: 119, own: false });
  });

  test('the recovery bracket is the reference picture’s, and none is claimed while a recovery runs', () => {
    expect(project().bracket).toEqual({ least: 122, most: 125 });
  });

  test('the replica with most holes is spelled out unless another is chosen', () => {
    expect(project().selected?.node).toBe('store-3');
    expect(project({ replica: 'store-1' }).selected?.node).toBe('store-1');
  });

  test('HOLE-19 holes above the limit that the replica has heard are named as not asked', () => {
    expect(project().blocked).toEqual([{ range: [118, 122], limit: 117 }]);
    expect(project({ group: 'g1' }).blocked).toEqual([{ range: [119, 123], limit: 117 }]);
  });

  test('a group that the cluster lacks falls back to its last', () => {
    expect(project({ group: 'g9' }).group).toBe('g2');
  });

  test('a node that is down keeps its last known row', () => {
    const frame = makeHookFrame();
    const nodes = frame.nodes.map((node) =>
      node.id === 'store-1' ? { ...node, status: 'down' as const } : node,
    );
    const row = project({}, { ...frame, nodes }).rows.find(({ node }) => node === 'store-1');
    expect(row).toMatchObject({ health: 'down', scl: 124 });
    expect(row?.runs.length).toBeGreaterThan(0);
  });

  test('without any view yet there is a model with unknown numbers, not a failure', () => {
    const frame = makeHookFrame();
    const model = project({}, { ...frame, nodes: frame.nodes.map((node) => ({ ...node, view: null })) });
    expect(model).toMatchObject({ vdl: -1, pgcl: -1, writer: null, selected: { list: null } });
    expect(describeWal(model, t)).toContain('VDL –, VCL –, tail –');
  });
});

describe('the window', () => {
  const rows = project().rows;
  test.each([
    ['follows the newest LSN', follow, 129, 122, [100, 132]],
    ['widens until the replica that lags most is in it', follow, 400, 390, [-1, -1]],
    ['stands where it was put', { ...follow, span: 64, end: 200 }, 129, 122, [136, 200]],
  ] as const)('%s', (_title, params, tail, vdl, expected) => {
    const [from, to] = chooseWindow(params, tail, vdl, rows, tail);
    if (expected[0] >= 0) expect([from, to]).toEqual(expected);
    else {
      expect(from).toBeLessThanOrEqual(110);
      expect(to).toBeGreaterThan(400);
    }
  });

  test('a group that has nothing new does not widen it', () => {
    expect(chooseWindow(follow, 400, 399, rows, 100)).toEqual([372, 404]);
  });

  test('a writer that does not know its VDL leaves the newest LSNs of the stores in view', () => {
    expect(chooseWindow(follow, -1, -1, rows.slice(0, 2), 124)).toEqual([96, 128]);
  });

  test('WAL-53 after a recovery the last records and the first ones beyond the annulled LSNs are in view', () => {
    const [from, to] = chooseWindow(follow, 225, 225, rows.slice(0, 1), 124);
    expect(from).toBeLessThan(124);
    expect(to).toBeGreaterThan(225);
  });

  test('never shows more than it can draw, however far a replica lags', () => {
    const [from, to] = chooseWindow(follow, 100_000, 99_990, rows, 100_000);
    expect(to - from).toBeLessThanOrEqual(512);
  });
});

test('WAL-53 a jump in the chain of the volume is the range that a recovery annulled', () => {
  const frame = makeHookFrame();
  const nodes = frame.nodes.map((node) => {
    if (node.view === null) return node;
    const roles = node.view.roles.map((role) => {
      if (role.role !== 'compute') return role;
      const last = role.records.at(-1);
      if (last === undefined) return role;
      const next = { ...last, lsn: last.lsn + 101, prevVolume: last.lsn };
      return { ...role, records: [...role.records, next] };
    });
    return { ...node, view: { ...node.view, roles } };
  });
  expect(project().annulled).toEqual([]);
  expect(project({}, { ...frame, nodes }).annulled).toEqual([[130, 230]]);
});

test.each<readonly [string, Range, number, number | null, readonly [Range | null, number, boolean, number]]>([
  ['follows', [96, 128], 122, null, [null, 32, true, 90]],
  ['follows single records', [125, 129], 122, null, [null, 32, true, 90]],
  ['stands', [96, 128], 122, 128, [[0, 128], 32, true, 90]],
  ['stands before VDL', [40, 44], 122, 44, [[0, 44], 32, true, 90]],
  ['stands far behind VDL', [900, 964], 122, 964, [[772, 964], 64, true, 90]],
  ['stands at the beginning', [0, 32], 5, 32, [[0, 32], 32, true, 0]],
  ['so wide that no record is seen', [0, 512], 122, 512, [[0, 512], 512, false, 90]],
])(
  'a window that %s asks for the records from VDL on',
  (_what, window, vdl, end, [lsnWindow, span, detail, recordsFrom]) => {
    expect(walNeed({ window, vdl, rows: [] }, end)).toEqual({ lsnWindow, span, detail, recordsFrom });
  },
);

test('runs are clipped to the window and vanish outside of it', () => {
  const list = {
    runs: [{ first: 0, end: 50, type: 'data', sent: false, request: null }],
    volatile: [],
    ncl: 49,
    nwl: 49,
  } as const;
  expect(groupRuns(list, [60, 80])).toEqual([{ kind: 'end', first: 60, end: 80, request: null }]);
  expect(groupRuns(list, [40, 60]).map(({ kind, first, end }) => [kind, first, end])).toEqual([
    ['data', 40, 50],
    ['end', 50, 60],
  ]);
});

test('what a replica that was away has asked for is a hole above its NWL, the rest of its tail is END', () => {
  const list = {
    runs: [
      { first: 0, end: 50, type: 'data', sent: false, request: null },
      { first: 50, end: 70, type: 'hole', sent: true, request: 'r1' },
      { first: 70, end: 80, type: 'hole', sent: false, request: null },
    ],
    volatile: [],
    ncl: 49,
    nwl: 49,
  } as const;
  expect(groupRuns(list, [40, 90]).map(({ kind, first, end }) => [kind, first, end])).toEqual([
    ['data', 40, 50],
    ['sent', 50, 70],
    ['end', 70, 90],
  ]);
});

test('what is on its way to a disk is not drawn where a lesson asks for the list: it would be the answer', () => {
  const list = {
    runs: [
      { first: 0, end: 108, type: 'data', sent: false, request: null },
      { first: 108, end: 116, type: 'hole', sent: true, request: 'r1' },
      { first: 116, end: 120, type: 'data', sent: false, request: null },
    ],
    volatile: [[110, 112]],
    ncl: 107,
    nwl: 119,
  } as const;
  const kinds = (veiled: readonly [number, number] | null): readonly string[] =>
    groupRuns(list, [100, 120], veiled).map(({ kind }) => kind);
  expect(kinds(null)).toEqual(['data', 'sent', 'volatile', 'sent', 'data']);
  expect(kinds([108, 116])).toEqual(['data', 'sent', 'data']);
  expect(kinds([112, 116])).toEqual(kinds(null));
});

describe('HOLE-4 the status list as its items', () => {
  const run = (
    first: number,
    end: number,
    type: RunView['type'],
    request: string | null = null,
  ): RunView => ({ first, end, type, sent: request !== null, request });
  const request = (id: string, gapFirst: number, gapEnd: number): GapRequestView => ({
    id,
    reqId: ['store-3', 1, 1],
    peer: nodeId('store-1'),
    gapFirst,
    gapEnd,
    curGapPos: gapFirst,
    ageUs: 0,
    limitUs: 0,
    attempt: 1,
  });
  const said = (
    runs: readonly RunView[],
    nwl: number,
    requests: readonly GapRequestView[] = [],
  ): readonly string[] =>
    statusItems({ runs, nwl, requests }).map(
      ({ lsn, isCut, type, sent, next, goesOn, isTail }) =>
        `${isCut ? '<' : ''}${lsn === MAX ? 'MAX' : lsn} ${type} ${sent} ${next === MAX ? 'MAX' : next}${goesOn ? '+' : ''}${isTail ? ' tail' : ''}`,
    );

  test('holes have a sent flag, the tail hole and END close the list', () => {
    const runs = [run(0, 30, 'data'), run(30, 40, 'hole'), run(40, 45, 'hole', 'r1'), run(45, 50, 'data')];
    expect(said(runs, 49, [request('r1', 40, 45)])).toEqual([
      '0 data null 30',
      '30 hole false 40',
      '40 hole true 45',
      '45 data null 50',
      '50 hole false MAX tail',
      'MAX end null MAX',
    ]);
  });
  test('a window that cuts the list says so at either edge', () => {
    expect(said([run(20, 30, 'data'), run(30, 40, 'hole')], 60)).toEqual([
      '<20 data null 30',
      '30 hole false 40+',
    ]);
  });
  test('what was asked for above NWL reaches as far as its request', () => {
    const runs = [run(0, 50, 'data'), run(50, 60, 'hole', 'r1')];
    expect(said(runs, 49, [request('r1', 50, 70)])).toEqual([
      '0 data null 50',
      '50 hole true 70',
      '70 hole false MAX tail',
      'MAX end null MAX',
    ]);
    expect(said([run(0, 50, 'data'), run(50, 80, 'hole')], 49)).toEqual([
      '0 data null 50',
      '50 hole false MAX tail',
      'MAX end null MAX',
    ]);
    expect(said([], -1)).toEqual([]);
  });
});

test('a number of copies stands beside the line of VDL that would strike it, on the longer side', () => {
  expect(besideLines([100, 200], [])).toBe(150);
  expect(besideLines([100, 200], [170])).toBe(150);
  expect(besideLines([100, 200], [152])).toBe(143);
  expect(besideLines([100, 200], [147])).toBe(156);
});

test('copies of no replica are none', () => {
  expect(countCopies([], [0, 8])).toEqual([{ first: 0, end: 8, copies: 0 }]);
});

describe('in words', () => {
  test('a range is named as tests and screen readers know it', () => {
    expect(runName('store-3', { kind: 'sent', first: 108, end: 112 }, t)).toBe(
      'store-3 [108,112) hole, sent',
    );
    expect(runName('store-3', { kind: 'hole', first: 112, end: 114 }, t)).toBe('store-3 [112,114) hole');
  });

  test('the description says the marks, who lacks what, and who waits', () => {
    expect(describeWal(project(), t)).toBe(
      'Volume v1: VDL 122, VCL 122, tail 129; group g2: PGCL 121. store-1 is whole to 124. store-2 is whole to 121. ' +
        'store-3 has 2 holes: [111,115) [118,122), 1 asked for. 2 commits waiting. A recovery now would end between VDL 122 and 125.',
    );
  });
});
