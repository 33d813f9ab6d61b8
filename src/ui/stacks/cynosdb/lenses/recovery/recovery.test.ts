// Lens 4.9 over real runs: a writer dies and comes back, with and without a quorum; steps, times, tokens, recovery point.

import { beforeAll, describe, expect, test, vi } from 'vitest';
import { time } from '../../../../../base/ids.ts';
import type { Mutants } from '../../../../../core/kernel/mutants.ts';
import { recoverySteps } from '../../../../../core/quorum-log/log-view.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import type { Edge } from '../../../../../sim/fabric-state.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { setLanguage, t } from '../../../../i18n/i18n.ts';
import { groupDigits } from '../../../../kit/format.ts';
import { clusterOf } from '../../../../model/volumes.ts';
import { waysOut } from '../../../../story/wait-words.ts';
import { shootTransfers, shootWorld, startWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import {
  describeRecovery,
  earlierText,
  recoveryPoint,
  recoveryTimes,
  stepText,
  tableRows,
} from './describe.ts';
import { appliedText } from './ha-part.tsx';
import { projectHa, switchRows } from './ha-project.ts';
import { projectRecovery, type RecoveryModel } from './project.ts';

// As the field says.
setSettings({ wording: 'expert' });

vi.stubGlobal('document', { documentElement: { lang: 'en' } });

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

function modelOf({ frame, nodes }: WorldShot): RecoveryModel {
  const { cluster, outages, waits, time: now } = frame;
  const model = projectRecovery({ cluster, nodes, outages, waits, now });
  if (model === null) throw new Error('no outage');
  return model;
}
const shoot = (atMs: number, ...lines: readonly string[]): RecoveryModel =>
  modelOf(shootTransfers(edge, atMs, ...lines));
const textOf = (model: RecoveryModel, step: string): string =>
  model.steps.filter((item) => item.step === step).map((item) => stepText(model, item, t))[0] ?? '';

describe('FENCE-56 the recovery of a writer that died', () => {
  test('WAL-4 a run whose writer never died has none', () => {
    const { frame, nodes } = shootTransfers(edge, 60);
    expect(projectRecovery({ ...frame, nodes, now: frame.time })).toBeNull();
  });

  test('FENCE-50 all steps in order, H6 among them, each with what it came to; times add up; nothing acknowledged is lost', () => {
    const model = shoot(200, '80.000 crash rw-1 loseAll', '90.000 restart rw-1');
    const { outage, attempt, steps } = model;
    expect([model.state, outage.since, outage.writer, outage.from]).toEqual([
      'open',
      'death',
      'rw-1',
      80_000,
    ]);
    expect(steps.map(({ step, state }) => [step, state])).toEqual(
      recoverySteps.map((step) => [step, 'done']),
    );
    const took = steps.reduce((sum, { tookUs }) => sum + (tookUs ?? 0), 0);
    expect((steps[0]?.from ?? 0) + took - outage.from).toBe(model.toOpenUs);
    expect(model.toOpenUs).toBeGreaterThan(10_000);
    expect(model.toCommitUs).toBeGreaterThan(model.toOpenUs ?? Number.MAX_SAFE_INTEGER);
    expect(outage.lost).toBe(0);
    expect(outage.lastAcked).toBeGreaterThan(0);
    expect(outage.lastAcked).toBeLessThanOrEqual(attempt?.vdlPrime ?? -1);
    expect(recoveryPoint(model, t)).toEqual({ value: '0', note: expect.stringContaining('acked ≤') });
    expect(textOf(model, 'R1')).toMatch(/^store-\d, store-\d.* \(2 of 3 needed\)$/);
    expect(textOf(model, 'R4')).toBe(
      `annuls [${(attempt?.vdlPrime ?? 0) + 1},${attempt?.startLsn}), writes from ${attempt?.startLsn}`,
    );
    // Clients asked meanwhile, and every call has its outcome.
    expect(model.told.acknowledged + model.told.unknown + model.told.failed).toBeGreaterThan(0);
    expect(model.told.waiting).toBe(0);
    const lane = model.lanes.find(({ node }) => node === 'rw-1');
    expect(lane?.downs).toEqual([{ from: 80_000, to: 90_000 }]);
    expect(lane?.spans.map(({ token }) => token)).toEqual([1, 2]);
    expect(tableRows(model, t).filter(({ part }) => part === t('recovery.step')).length).toBe(8);
  });

  test('WAL-63 without a write quorum it stands in R1, says who is missing and the way out', () => {
    const down = ['80.000 crash store-1', '80.000 crash store-2', '80.000 crash rw-1', '90.000 restart rw-1'];
    const model = shoot(150, ...down);
    const running = model.steps.find(({ state }) => state === 'running');
    expect([model.state, running?.step, running?.answered]).toEqual([
      'running',
      'R1',
      [{ group: '', nodes: ['store-3'] }],
    ]);
    expect(textOf(model, 'R1')).toBe('waits for 2 of 3 replicas of every group; answers so far: store-3');
    expect(waysOut(model.wait === null ? [] : [model.wait])).toEqual(['restart store-1', 'restart store-2']);
    expect(recoveryTimes(model, t).map(({ note }) => note)).toEqual(['so far', 'none yet']);
    expect(recoveryPoint(model, t).value).toBe('–');
    const said = describeRecovery(model, t);
    expect(said).toContain('It is in step R1');
    expect(said).toContain('store-1 and store-2 are down');
    // One of the named ways out ends it.
    const after = shoot(400, ...down, '150.000 restart store-1');
    expect([after.state, after.outage.lost]).toEqual(['open', 0]);
    expect(after.steps.every(({ state }) => state === 'done')).toBe(true);
  });

  test('while nobody recovers it, that is said, with the way out', () => {
    const model = shoot(100, '80.000 crash rw-1');
    expect([model.state, ...new Set(model.steps.map(({ state }) => state))]).toEqual(['down', 'open']);
    expect(waysOut(model.wait === null ? [] : [model.wait])).toEqual(['restart rw-1']);
    expect(describeRecovery(model, t)).toContain('Nobody recovers v1');
  });

  describe('who takes over without an operator is named before it does', () => {
    const load =
      '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';
    /** 20 ms after these faults, and 100 ms: silence of 30 ms ends a writer. */
    function shots(preset: string, ...faults: readonly string[]) {
      const lines = [load, ...faults.map((fault) => `203.000 ${fault}`)];
      const run = startWorld({ edge, preset, lines, view: {} });
      run.runTo(time(223_000));
      const soon = modelOf(scoped(run.shoot()));
      run.runTo(time(303_000));
      return { soon, later: modelOf(scoped(run.shoot())) };
    }
    /** The picture with the volume that lost its writer as its own. */
    const scoped = (shot: WorldShot): WorldShot => {
      const { cluster, outages } = shot.frame;
      const volume = outages[0]?.volume ?? cluster.volume;
      return { ...shot, frame: { ...shot.frame, cluster: clusterOf(cluster, shot.nodes, volume) } };
    };

    test('FENCE-20 a standby: no request waits for the old writer', () => {
      const { soon, later } = shots('cynosdb-ha', 'crash rw-1');
      expect([soon.state, soon.wait, soon.successor]).toEqual([
        'down',
        null,
        { kind: 'standby', node: 'ha-1', afterUs: 30_000 },
      ]);
      expect(soon.told.waiting).toBeGreaterThan(0);
      expect(describeRecovery(soon, t)).toContain('ha-1 takes over by itself');
      expect(describeRecovery(soon, t)).not.toContain('has to start');
      // So it does, while rw-1 is still down.
      expect([later.state, later.attempt?.node, later.successor]).toEqual(['open', 'ha-1', null]);
    });

    test('FENCE-20 it takes over from a frozen writer: its time is measured from the freeze, detection with it', () => {
      const run = startWorld({
        edge,
        preset: 'cynosdb-ha',
        lines: [load, '203.000 freeze rw-1 for 200.000 ms'],
        view: {},
      });
      run.runTo(time(303_000));
      const later = modelOf(scoped(run.shoot()));
      const { since, from } = later.outage;
      expect([later.state, later.attempt?.node, since]).toEqual(['open', 'ha-1', 'freeze']);
      const [detect] = switchRows(later, 0);
      // FENCE-20: the metadata gives the writer up after 30 ms of silence, and that is part of it.
      expect(detect?.ours).toBeGreaterThan(25);
      expect(later.toOpenUs).toBe((later.outage.openedAt ?? 0) - from);
      expect(describeRecovery(later, t)).toContain('since rw-1 froze');
    });

    test('FENCE-20 a writer applies nothing: its own VDL stands there, never below what its readers applied', () => {
      for (const preset of ['cynosdb-ha', 'polardb']) {
        const run = startWorld({ edge, preset, lines: [load, '203.000 crash rw-1'], view: {} });
        run.runTo(time(403_000));
        const { frame, nodes } = run.shoot();
        const rows = projectHa(nodes, frame.cluster.volume)?.rows ?? [];
        const writer = rows.find(({ part }) => part === 'writer');
        expect([preset, writer?.node]).not.toEqual([preset, 'rw-1']);
        expect(writer && appliedText(writer, t)).toBe(`VDL ${groupDigits(writer?.vdl ?? -1)}`);
        for (const { part, applyLsn } of rows)
          if (part !== 'writer') expect(applyLsn).toBeLessThanOrEqual(writer?.vdl ?? -1);
      }
    });

    test('PCS-49 the replicas of a tablet', () => {
      const { soon, later } = shots('postdb-v4', 'crash n1');
      expect([soon.state, soon.successor]).toEqual(['down', { kind: 'election', afterUs: 30_000 }]);
      expect(describeRecovery(soon, t)).toContain(
        'the metadata, once it has a leader, appoints another primary',
      );
      expect(later.state).toBe('open');
      expect(later.attempt?.node).not.toBe('n1');
    });

    describe('FENCE-56 a tablet whose primary died and that the planner moves afterwards', () => {
      let shot: WorldShot;
      beforeAll(() => {
        const run = startWorld({
          edge,
          preset: 'postdb-v4',
          lines: [load.replace('transfer', 'tablet-transfer'), '600.000 crash n1'],
          view: {},
        });
        run.runTo(time(900_000));
        shot = scoped(run.shoot());
      });
      const sourceOf = ({ frame, nodes }: WorldShot) => ({ ...frame, nodes, now: frame.time });

      test('PCS-121 the outage of the death is shown, the transfer by plan beside it', () => {
        const model = modelOf(shot);
        expect(model.all.map(({ since, writer }) => [since, writer])).toEqual([
          ['death', 'n1'],
          ['transfer', model.attempt?.node],
        ]);
        const [death, transfer] = model.all;
        expect(model.toOpenUs).toBe((death?.openedAt ?? 0) - 600_000);
        expect(transfer?.from).toBeGreaterThan(death?.openedAt ?? Infinity);
        const moved = projectRecovery(sourceOf(shot), transfer?.from ?? null);
        expect(moved?.toOpenUs).toBe((transfer?.openedAt ?? 0) - (transfer?.from ?? 0));
        expect(moved && describeRecovery(moved, t)).toContain(
          `since the planned transfer from ${model.attempt?.node}`,
        );
      });

      test('PCS-51 requests are counted for each tablet that was out, and for none twice', () => {
        const counts = shot.frame.outages
          .filter(({ since }) => since === 'death')
          .map(({ clients }) =>
            clients.reduce((sum, one) => sum + one.acknowledged + one.failed + one.unknown, 0),
          );
        expect(counts.length).toBeGreaterThan(1);
        expect(Math.max(...counts)).toBeGreaterThan(0);
        // Two clients, each with one request at a time.
        for (const count of counts) expect(count).toBeLessThan(200);
      });
    });

    test('FENCE-20 nobody, where the standby is down too, or no write quorum is up', () => {
      for (const faults of [
        ['crash rw-1', 'crash ha-1'],
        ['crash rw-1', 'crash store-1', 'crash store-2'],
      ]) {
        const { soon, later } = shots('cynosdb-ha', ...faults);
        expect(soon.successor).toBeNull();
        expect(describeRecovery(soon, t)).toContain('Nobody recovers v1: a compute node has to start');
        expect(later.state).not.toBe('open');
        expect(soon.wait?.isBlocked).toBe(true);
      }
    });
  });

  test('WAL-58 it dies in its recovery: the next attempt is shown, the earlier one is told', () => {
    const model = shoot(
      300,
      '80.000 crash rw-1',
      '90.000 restart rw-1',
      '90.500 crashOn rw-1 after R2',
      '150.000 restart rw-1',
    );
    const { attempts, from, attemptsBefore } = model.outage;
    expect([from, attemptsBefore]).toEqual([80_000, 0]);
    expect(attempts.map(({ end }) => end)).toEqual(['down', 'open']);
    expect(earlierText(model, t)).toMatch(/^One attempt before this one ended at R2 /);
    expect(model.state).toBe('open');
  });

  test('WAL-20 a recovery that asks too few replicas loses what was acknowledged, and the count says so', () => {
    // store-3 misses the end of the log, and is the only one of two that answers soon.
    const lines = [
      '80.000 cut rw-1 | store-3',
      '80.000 pauseHoles store-3 g1',
      '80.000 pauseHoles store-3 g2',
      '120.000 crash rw-1',
      '120.000 crash store-1',
      '121.000 heal rw-1 | store-3',
      '121.000 latency rw-1 | store-2 : 8.000 ms',
      '125.000 restart rw-1',
    ];
    const load =
      '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';
    const mutants: Mutants = ['recovery.reads-vr-minus-one'];
    const all = { edge, preset: 'hook-hole', lines: [load, ...lines], atMs: 220, view: {} };
    const { outage } = modelOf(shootWorld({ ...all, mutants }));
    expect(outage.lost).toBeGreaterThan(0);
    expect(outage.lastAcked).toBeGreaterThan(outage.attempts.at(-1)?.vdlPrime ?? Number.MAX_SAFE_INTEGER);
    expect(modelOf(shootWorld(all)).outage.lost).toBe(0);
  });

  test('in both languages every step and row has words of its own', async () => {
    const model = shoot(200, '80.000 crash rw-1', '90.000 restart rw-1');
    for (const language of ['en', 'zh-CN'] as const) {
      await setLanguage(language);
      const words = tableRows(model, t).flatMap(({ part, what, result }) => [part, what, result]);
      for (const word of words) expect(word).not.toMatch(/^recovery\.|\{\{/);
    }
    await setLanguage('en');
  });
});
