// The mode of the replica that the lens spells out, through the recoveries of real runs.

import { beforeAll, describe, expect, test } from 'vitest';
import { time } from '../../../../../base/ids.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import type { Edge } from '../../../../../sim/fabric-state.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { t } from '../../../../i18n/i18n.ts';
import { startWorld } from '../../../../testing/world-frame.ts';
import { limitText, modeText } from './describe.ts';
import type { WalModel } from './model.ts';
import { limitWordsX } from './plot-limit.tsx';
import { projectWal } from './project.ts';

// As the field says.
setSettings({ wording: 'expert' });

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

/** The lens at store-2 in every window from 80 ms on, in which rw-1 dies and comes back, to 130 ms. */
function recovery(group: string): readonly WalModel[] {
  const lines = [
    '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
    '80.000 crash rw-1 loseAll',
    '84.000 restart rw-1',
  ];
  const run = startWorld({ edge, preset: 'hook-hole', lines, view: { group: null } });
  const models: WalModel[] = [];
  for (let at = 80_000; at < 130_000; at += 500) {
    run.runTo(time(at));
    const { frame, nodes } = run.shoot();
    const params = { group, span: null, end: null, replica: 'store-2' };
    models.push(projectWal({ cluster: frame.cluster, nodes }, params));
  }
  return models;
}

describe('the mode of a replica', () => {
  test('HOLE-58 it names its replica, and is RECOVERY from the promise of the token on, before it has the history', () => {
    const models = recovery('g1');
    const modes = models.flatMap(({ mode }) => mode ?? []);
    expect(modes.filter(({ node }) => node !== 'store-2')).toEqual([]);
    const kinds = modes.map(({ kind }) => kind);
    const changes = kinds.filter((kind, i) => kind !== kinds[i - 1]);
    expect(changes).toEqual(['normal', 'fenced', 'recovery', 'normal']);
    const said = modes.map((mode) => modeText(mode, t));
    expect(said[0]).toBe('store-2: NORMAL');
    expect(said).toContain('store-2: RECOVERY token 2 · waits for the history, answers nobody');
    // the volume's step and the replica's mode do not contradict each other
    const duringR5 = models.filter(({ recovery: step }) => step?.step === 'R5');
    expect(duringR5.length).toBeGreaterThan(0);
    for (const { mode } of duringR5) expect(mode?.kind).not.toBe('normal');
  });

  test('HOLE-42 minStart is where the newest term before the recovery began, so the interval is one', () => {
    const found = recovery('g1').flatMap(({ mode }) => (mode?.kind === 'recovery' ? [mode] : []));
    expect(found.length).toBeGreaterThan(0);
    for (const mode of found) {
      expect(mode.minStart).toBeLessThanOrEqual(mode.maxNwl);
      expect(modeText(mode, t)).toBe(
        `store-2: RECOVERY token 2 · minStart ${mode.minStart} · maxNWL ${mode.maxNwl}`,
      );
    }
  });

  test('HOLE-45 a group that has no record of that term shows no interval', () => {
    const mode = { kind: 'recovery', node: 'store-1', token: 4, minStart: 318, maxNwl: 217 } as const;
    expect(modeText(mode, t)).toBe('store-1: RECOVERY token 4 · maxNWL 217 · no record since minStart 318');
  });
});

describe('up to where holes are asked for', () => {
  test('HOLE-19 HOLE-42 SGCL, then the interval of the recovery from R3 on, then SGCL', () => {
    const models = recovery('g1');
    const kinds = models.map(({ limit }) => limit.kind);
    expect(kinds.filter((kind, i) => kind !== kinds[i - 1])).toEqual([
      'normal',
      'unknown',
      'recovery',
      'normal',
    ]);
    for (const { limit, mode, recovery: step, sgcl } of models) {
      if (limit.kind === 'normal') expect(limit.sgcl).toBe(sgcl);
      if (limit.kind !== 'recovery') continue;
      expect(limit.minStart).toBeLessThanOrEqual(limit.maxNwl);
      expect(step === null || ['R3', 'R4', 'R5', 'R6', 'R7'].includes(step.step)).toBe(true);
      if (mode?.kind === 'recovery')
        expect(mode).toMatchObject({ minStart: limit.minStart, maxNwl: limit.maxNwl });
    }
    const last = models.findLast(({ limit }) => limit.kind === 'normal');
    expect(last && limitText(last.limit, t)).toBe(`holes up to SGCL ${last?.sgcl}`);
  });

  test('HOLE-45 an interval that would be empty is said in words', () => {
    expect(limitText({ kind: 'recovery', minStart: 318, maxNwl: 217 }, t)).toBe(
      'nothing to agree on: minStart 318 > maxNWL 217',
    );
    expect(limitText({ kind: 'normal', sgcl: -1 }, t)).toBe('');
  });

  test.each<readonly [string, number, number, number, readonly number[], ReturnType<typeof limitWordsX>]>([
    ['left of it', 100, 300, 300, [310], { x: 292, anchor: 'end' }],
    ['right of it', 100, 100, 150, [], { x: 158, anchor: 'start' }],
    ['right of a ruler beside it', 100, 100, 150, [170], { x: 176, anchor: 'start' }],
    ['right of a ruler that crosses what is left of it', 100, 300, 300, [250], { x: 308, anchor: 'start' }],
    ['at the edge', 400, 100, 300, [], { x: 84, anchor: 'start' }],
  ])('words stand %s', (_where, width, start, end, rulers, place) => {
    expect(limitWordsX(width, [start, end, 600], rulers)).toEqual(place);
  });
});
