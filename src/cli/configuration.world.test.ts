// The configuration and the agents in whole worlds (docs/spec/agents.md PCS-90, PCS-91, PCS-92, PCS-99): every node reaches the newest
// version, drift is seen and healed, the leader dies at every step of a push, and asks name who is silent. Every monitor is on.

import { describe, expect, test } from 'vitest';
import type { TraceOf } from '../core/kernel/trace.ts';
import { drawnOf } from '../testing/depth.ts';
import { leadersOf, type PcsTape, runPcs, timesOf } from './pcs-fixture.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';

const puts = (...values: readonly string[]): string[] =>
  values.map((put, i) => `${100 + 10 * i}.000 putConfig ${put}`);

/** The newest version of each node that has one, as its agent traced it. */
function versionsOf({ trace }: TapeRun): Map<string, TraceOf<'config.applied'>> {
  const found = new Map<string, TraceOf<'config.applied'>>();
  for (const { node, event } of trace) if (event.kind === 'config.applied') found.set(node, event);
  return found;
}

const nodesOf = ({ trace }: TapeRun): Set<string> => new Set(trace.map(({ node }) => node));

/** Every node has the version, and all have the same. */
function expectAll(run: TapeRun, version: number): void {
  const applied = versionsOf(run);
  expect([...applied.keys()].sort()).toEqual([...nodesOf(run)].sort());
  expect(new Set([...applied.values()].map(({ sum }) => sum)).size).toBe(1);
  expect([...applied.values()].map((one) => one.version)).toEqual([...applied].map(() => version));
  expect(run.monitors.violations).toEqual([]);
}

describe.each(['cynosdb', 'cynosdb-pcs'])('configuration of %s', (preset) => {
  test('PCS-3, PCS-91, PCS-92 a node that was added has the configuration, and settings of its own', async () => {
    const lines = [
      '90.000 putConfig global scrubEveryMs 7',
      '110.000 addNode store-9 store c',
      '170.000 putConfig node:store-9 scrubEveryMs 9',
    ];
    const run = await runPcs(260, lines, { preset });
    expectAll(run, 2);
    expect(versionsOf(run).get('store-9')?.version).toBe(2);
    expect(eventsIn(run, 'config.refused')).toEqual([]);
  });

  test('PCS-91, PCS-92 every node reaches the newest version, in order; bad values enter nowhere', async () => {
    const lines = puts(
      'global scrubEveryMs 7',
      'role:compute bufferPages 99',
      'global scrubEveryMs 0',
      'global noSuchKey 1',
      'node:nowhere heldRows 5000',
      'node:rw-1 heldRows 5000 9',
      'node:rw-1 heldRows 5000 2',
    );
    const run = await runPcs(240, lines, { preset });
    expectAll(run, 3);
    const applied = run.trace.filter(({ node, event }) => node === 'd1' && event.kind === 'config.applied');
    expect(applied.map(({ event }) => (event as TraceOf<'config.applied'>).version)).toEqual([1, 2, 3]);
    expect(eventsIn(run, 'config.refused').map(({ key, code, range }) => [key, code, range])).toMatchObject([
      ['scrubEveryMs', 'BAD_VALUE', '1…60000 ms'],
      ['noSuchKey', 'UNKNOWN_KEY', expect.stringContaining('scrubEveryMs')],
      ['heldRows', 'BAD_SCOPE', expect.stringContaining('role:store')],
      ['heldRows', 'STALE_VERSION', '2'],
    ]);
    // RESTART_NEEDED: the compute node says that the key waits, until it opens again
    expect(versionsOf(run).get('rw-1')?.waits).toBe(1);
    const again = await runPcs(
      300,
      [...lines, '180.000 crash rw-1 for 5.000 ms', '240.000 putConfig global deadlockMs 30'],
      {
        preset,
      },
    );
    expect(versionsOf(again).get('rw-1')).toMatchObject({ version: 4, waits: 0 });
  });

  test('PCS-91 no message, write or event of it before the first entry', async () => {
    const run = await runPcs(200, [], { preset });
    const kinds = run.trace.map(({ event }) => event.kind);
    expect(kinds.filter((kind) => kind.startsWith('config.') || kind.startsWith('agent.'))).toEqual([]);
  });

  test('PCS-91 drift by an older disk, an empty disk and a person’s hand is seen and healed', async () => {
    const lines = [
      ...puts('global scrubEveryMs 7'),
      '120.000 snapshotDisk store-2',
      '130.000 putConfig global sessionQueue 9',
      '140.000 rollbackDisk store-2 for 5.000 ms',
      '200.000 editConfig store-1 scrubEveryMs 900',
      '260.000 wipeDisk store-2 for 5.000 ms',
    ];
    const run = await runPcs(340, lines, { preset });
    expectAll(run, 2);
    expect(eventsIn(run, 'config.drift').map(({ node, why }) => [node, why])).toEqual([
      ['store-2', 'behind'],
      ['store-1', 'different'],
      ['store-2', 'behind'],
    ]);
    expect(eventsIn(run, 'config.healed')).toHaveLength(3);
    // the empty disk sees the newest version first, and asks for what is before
    expect(eventsIn(run, 'config.gap', 'store-2')).toMatchObject([{ version: 0, seen: 2 }]);
  });
});

test('PCS-91 a frozen node takes a version and a person’s edit when it thaws, in that order (postdb-v4 seed 185)', async () => {
  const run = await runPcs(200, [
    ...puts('global scrubEveryMs 7'),
    '110.000 freeze store-1 for 20.000 ms',
    '111.000 putConfig global sessionQueue 9',
    '120.000 editConfig store-1 scrubEveryMs 900',
  ]);
  expectAll(run, 2);
  const [before, edited, after] = run.trace.flatMap(({ at, node, event }) =>
    node === 'store-1' && event.kind === 'config.applied' && event.version === 2 ? [{ at, ...event }] : [],
  );
  expect(after?.sum).toBe(before?.sum);
  expect(edited?.sum).not.toBe(before?.sum);
  expect(eventsIn(run, 'config.drift').map(({ node, why }) => [node, why])).toEqual([
    ['store-1', 'different'],
  ]);
});

test('PCS-91 an edit by hand that does not take place says why', async () => {
  const lines = ['90.000 editConfig store-1 scrubEveryMs 900', ...puts('global scrubEveryMs 7')];
  const run = await runPcs(140, lines);
  expectAll(run, 1);
  expect(eventsIn(run, 'agent.command')).toMatchObject([{ command: 'editConfig', code: 'NO_FILE' }]);
});

test('PCS-91 an agent further behind than the entries that are kept is given all at once', async () => {
  const many = Array.from({ length: 40 }, (_, i) => `${100 + i}.000 putConfig global scrubEveryMs ${i + 5}`);
  const run = await runPcs(260, ['90.000 crash store-4 for 90.000 ms', ...many]);
  expectAll(run, 40);
  const applied = run.trace.filter(
    ({ node, event }) => node === 'store-4' && event.kind === 'config.applied',
  );
  expect(applied.length).toBeLessThan(20);
});

test('PCS-92 a value takes effect: statements beyond the session’s queue are refused at once', async () => {
  const burst = new Array<string>(6).fill('150.000 sql d1 one "select 1"');
  const refused = async (lines: readonly string[]): Promise<number> =>
    eventsIn(await runPcs(180, [...lines, ...burst]), 'sql.end').filter(({ outcome }) => outcome === 'error')
      .length;
  expect(await refused([])).toBe(0);
  expect(await refused(puts('node:d1 sessionQueue 2'))).toBe(3);
  expect(await refused(puts('node:d1 sessionQueue 2', 'node:d1 sessionQueue unset'))).toBe(0);
  expect(await refused(puts('global sessionQueue 2', 'role:driver sessionQueue 3'))).toBe(2);
});

test('PCS-35 a node that restarts while the PCS is away runs with the copy on its disk', async () => {
  const gone = ['pcs-1', 'pcs-2', 'pcs-3'].map((node) => `130.000 crash ${node}`);
  const burst = new Array<string>(6).fill('200.000 sql d1 one "select 1"');
  const run = await runPcs(230, [
    ...puts('node:d1 sessionQueue 2'),
    ...gone,
    '140.000 crash d1 for 10.000 ms',
    ...burst,
  ]);
  expect(eventsIn(run, 'sql.end').filter(({ outcome }) => outcome === 'error')).toHaveLength(3);
});

test('PCS-91 a crash that tears the write of a version leaves the one before it (cynosdb-ha seed 29)', async () => {
  const lines = puts('global scrubEveryMs 7', 'global deadlockMs 30');
  const sound = await runPcs(140, lines);
  const applied = sound.trace.filter(({ node, event }) => node === 'd1' && event.kind === 'config.applied');
  const second = applied[1]?.at ?? 0;
  for (const beforeUs of [50, 150, 250]) {
    const at = ((second - beforeUs) / 1000).toFixed(3);
    const crash = `${at} crash d1 tornLast for 10.000 ms`;
    const run = await runPcs(220, [...lines, crash, '170.000 putConfig global scrubEveryMs 8']);
    expect(eventsIn(run, 'config.drift')).toEqual([]);
    const versions = run.trace.flatMap(({ node, event }) =>
      node === 'd1' && event.kind === 'config.applied' ? [event.version] : [],
    );
    // The second is whole in the copy that was not torn, or comes again.
    expect(versions.at(-1)).toBe(3);
    expect(run.monitors.violations).toEqual([]);
  }
});

describe('PCS-99 one command to several agents', () => {
  test('a silent node is named as missing, after disconnectedAfterMs', async () => {
    const run = await runPcs(180, [
      '100.000 crash store-2',
      '100.000 ask d1 store-1 store-2 pcs-1 : getConfig',
    ]);
    expect(eventsIn(run, 'agent.asked')).toEqual([
      { kind: 'agent.asked', command: 'getConfig', answers: 3, missing: 'store-2' },
    ]);
    const [at = 0] = timesOf(run, 'agent.asked');
    expect([at >= 120, at < 126]).toEqual([true, true]);
  });

  test('PCS-90 SetLogLevel is a setting of each node; Drain ends the loads of a driver; Dump answers', async () => {
    const run = await runPcs(220, [
      '100.000 ask d1 store-1 : setLogLevel store DEBUG',
      '130.000 ask d1 store-1 : dump',
      '150.000 ask d1 store-1 : drain',
      '170.000 sql d1 one "select 1"',
    ]);
    expect(eventsIn(run, 'config.put').map(({ scope, key, value }) => [scope, key, value])).toEqual([
      ['node:d1', 'log.level.store', 'DEBUG'],
      ['node:store-1', 'log.level.store', 'DEBUG'],
    ]);
    expect(eventsIn(run, 'agent.asked').map(({ command, missing }) => [command, missing])).toEqual([
      ['setLogLevel', ''],
      ['dump', ''],
      ['drain', ''],
    ]);
    expect(eventsIn(run, 'agent.command').filter(({ code }) => code !== '')).toMatchObject([
      { command: 'drain', code: 'NOTHING_TO_DRAIN' },
    ]);
    expect(eventsIn(run, 'sql.end')).toMatchObject([{ outcome: 'error' }]);
    expect(run.trace.some(({ at, event }) => at > 200_000 && event.kind === 'op.invoke')).toBe(false);
    expect(run.monitors.violations).toEqual([]);
  });
});

test.each(drawnOf([1, 5]))(
  'PCS-91 the leader dies at every traced step of two pushes: nothing is lost, seed %i',
  async (seed) => {
    const of: PcsTape = { seed };
    const lines = ['150.000 putConfig global scrubEveryMs 7', '151.000 putConfig node:d1 sessionQueue 9'];
    const whole = await runPcs(180, lines, of);
    expectAll(whole, 2);
    const [leader = ''] = leadersOf(whole);
    const kinds = ['raft.durable', 'raft.commit', 'config.put', 'config.applied'] as const;
    const times = [
      ...timesOf(whole, 'raft.durable', leader),
      ...kinds.slice(1).flatMap((kind) => timesOf(whole, kind)),
    ];
    const steps = [...new Set(times.map((at) => at.toFixed(3)))].filter((at) => Number(at) > 150).sort();
    expect(steps.length).toBeGreaterThan(10);
    for (const at of steps.filter((_, i) => i % 2 === seed % 2)) {
      const run = await runPcs(300, [...lines, `${at} crash ${leader} for 60.000 ms`], of);
      expect([at, leadersOf(run).length > 1]).toEqual([at, true]);
      expect([at, [...versionsOf(run).values()].map(({ version }) => version)]).toEqual([
        at,
        [...nodesOf(run)].map(() => 2),
      ]);
      expectAll(run, 2);
    }
  },
);
