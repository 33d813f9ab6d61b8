// Failover and switchover by the metadata (docs/spec/failover.md): the writer dies, is frozen, is cut off or hands over; a standby takes
// over without a restart, readers and drivers follow it, and the old writer reads from then on. The metadata, the candidate and the
// stores fail at every step of it, and one writer is open in the end (FENCE-24).

import { describe, expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import { REPLAYED } from '../core/kernel/client-calls.ts';
import { countEffects } from '../sim/checks/effects.ts';
import { addToHistory, type HistoryOperation, makeHistory } from '../sim/checks/history.ts';
import {
  countedTables,
  drawCountable,
  judgeCountable,
  readBackActions,
} from '../sim/sweep/countable-loads.ts';
import { judgeLevels } from '../sim/sweep/judge-levels.ts';
import { eventsIn, runTape, runTapeText, type TapeRun, tapeOf } from './tape-fixture.ts';

const LOAD = 'thinkUs=2500 ratePerSecond=0 readPercent=40 hotPercent=40 valueBytes=0 load=true';
const tape = (lines: readonly string[], mutant = ''): string =>
  [
    'postdb-tape 1',
    'engine 0.3.0',
    'preset cynosdb-ha',
    'profile demo',
    'seed 3',
    ...(mutant === '' ? [] : [`broken ${mutant}`]),
    'end 60000.000',
    '',
    `0.000 workload d1 rows kind=kv-insert rows=0 clients=3 ${LOAD}`,
    ...lines,
  ].join('\n');

const run = (lines: readonly string[], untilMs: number): Promise<TapeRun> =>
  runTapeText(tape(lines), untilMs);

/** Who acknowledged commits from then on. */
const ackers = ({ trace }: TapeRun, fromMs: number): string[] => [
  ...new Set(
    trace.flatMap(({ node, at, event }) => (event.kind === 'commit.ack' && at > fromMs * 1000 ? [node] : [])),
  ),
];

const modes = (one: TapeRun, node: string): string[] =>
  eventsIn(one, 'attachment.mode', node).map(({ mode }) => mode);
const holders = (one: TapeRun): string[] => eventsIn(one, 'token.grant').map(({ holder }) => holder);

describe('unplanned failover', () => {
  test('FENCE-19 FENCE-20 READ-32 READ-44 a standby writes after the writer died, and its node reads when it is back', async () => {
    const one = await run(['150.000 crash rw-1 for 100.000 ms'], 400);
    expect(one.monitors.violations).toEqual([]);
    expect(holders(one)).toEqual(['rw-1', 'ha-1']);
    expect(eventsIn(one, 'ha.candidate').map(({ why }) => why)).toEqual(['first', 'silent']);
    expect(eventsIn(one, 'node.open', 'ha-1')).toHaveLength(1);
    expect(modes(one, 'ha-1')).toEqual(['rw']);
    expect(ackers(one, 150)).toEqual(['ha-1']);
    expect(eventsIn(one, 'ro.ready', 'rw-1')).toHaveLength(1);
    expect(eventsIn(one, 'ro.ready', 'ro-1').map(({ token }) => token)).toEqual([1, 2]);
    expect(one.monitors.exercised['wal.acked-survives']).toBeGreaterThan(0);
  });

  test('FENCE-14 FENCE-15 F1 F9 a writer that was frozen is refused by the stores and reads from then on, without a restart', async () => {
    const one = await run(['150.000 freeze rw-1 for 100.000 ms'], 350);
    expect(one.monitors.violations).toEqual([]);
    expect(holders(one)).toEqual(['rw-1', 'ha-1']);
    expect(eventsIn(one, 'volume.fenced', 'rw-1')).toMatchObject([{ token: 1, seen: 2 }]);
    expect(modes(one, 'rw-1')).toEqual(['rw', 'ro']);
    expect(eventsIn(one, 'node.open', 'rw-1')).toHaveLength(1);
    expect(eventsIn(one, 'ro.ready', 'rw-1')).toHaveLength(1);
    expect(ackers(one, 260)).toEqual(['ha-1']);
  });

  test('F10 F11 FENCE-9 a writer that only the metadata cannot hear commits until the token is at the stores', async () => {
    const one = await run(['150.000 cut rw-1 | pcs-1 pcs-2 pcs-3 for 100.000 ms'], 350);
    expect(one.monitors.violations).toEqual([]);
    expect(ackers(one, 155)).toEqual(['rw-1', 'ha-1']);
    expect(modes(one, 'rw-1')).toEqual(['rw', 'ro']);
    expect(ackers(one, 260)).toEqual(['ha-1']);
  });

  test('F6 F7 F18 of two promotions the later one opens, whatever the earlier one does', async () => {
    const cutHa = 'cut ha-1 | pcs-1 pcs-2 pcs-3 for 120.000 ms';
    const early = await run(['150.000 freeze rw-1 for 32.000 ms', `182.000 ${cutHa}`], 420);
    expect(early.monitors.violations).toEqual([]);
    expect(holders(early)).toEqual(['rw-1', 'ha-1', 'rw-1']);
    expect(ackers(early, 380)).toEqual(['rw-1']);
    expect(modes(early, 'ha-1').at(-1)).toBe('ro');
    const late = await run(['150.000 freeze rw-1 for 50.000 ms', `220.000 ${cutHa}`], 420);
    expect(late.monitors.violations).toEqual([]);
    expect(holders(late)).toEqual(['rw-1', 'ha-1', 'rw-1']);
    expect(ackers(late, 205)).toEqual(['ha-1', 'rw-1']);
    expect(modes(late, 'ha-1')).toEqual(['rw', 'ro']);
  });

  test('FENCE-20 without a node that is up nobody is granted a token, and the search goes on', async () => {
    const one = await run(['150.000 isolate rw-1 ha-1 for 150.000 ms'], 420);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'ha.noCandidate').length).toBeGreaterThan(2);
    expect(ackers(one, 380)).toHaveLength(1);
  });
});

describe('readers across a change', () => {
  const READS = `0.000 workload d1 main kind=transfer rows=60 clients=4 ${LOAD}`;

  test('FENCE-39 READ-8 a stream of the old token is not taken once the new writer has accepted the reader', async () => {
    const one = await run(
      ['149.000 hold rw-1 > ro-1 for 80.000 ms', '150.000 freeze rw-1 for 50.000 ms'],
      350,
    );
    expect(one.monitors.violations).toEqual([]);
    const ready = one.trace.filter(({ node, event }) => node === 'ro-1' && event.kind === 'ro.ready');
    expect(ready.map(({ event }) => event.kind === 'ro.ready' && event.token)).toEqual([1, 2]);
    const joinedAt = ready[1]?.at ?? 0;
    expect(joinedAt).toBeGreaterThan(0);
    expect(joinedAt).toBeLessThan(229_000); // what was held comes afterwards
    const senders = one.trace.flatMap(({ node, at, event, causeNode }) =>
      node === 'ro-1' && event.kind === 'ro.received' && at >= joinedAt ? [causeNode] : [],
    );
    expect(new Set(senders)).toEqual(new Set(['ha-1']));
  });

  test('FENCE-40 FENCE-42 READ-31 the first read of a reader is at the writer’s VDL, with nothing applied and no page loaded before', async () => {
    const one = await run([READS, '100.000 crash ro-1 for 5.000 ms'], 160);
    const after = one.trace.filter(({ node, at }) => node === 'ro-1' && at > 105_000);
    const ready = after.findIndex(({ event }) => event.kind === 'ro.ready');
    expect(after[ready]?.event).toMatchObject({ kind: 'ro.ready', kept: false });
    const before = after.slice(0, ready).map(({ event }) => event.kind);
    expect(before.filter((kind) => kind.startsWith('ro.') || kind.startsWith('page.'))).toEqual([]);
    expect(after.some(({ event }) => event.kind === 'session.read' || event.kind === 'ro.pageRead')).toBe(
      true,
    );
  });

  test('FENCE-41 WAL-25 a reader holds the window of versions from before its first read, and over a change of writer', async () => {
    const one = await run(
      [READS, '100.000 crash ro-1 for 5.000 ms', '150.000 crash rw-1 for 200.000 ms'],
      350,
    );
    expect(one.monitors.violations).toEqual([]);
    const accepted = one.trace.filter(({ event }) => event.kind === 'ro.accepted' && event.reader === 'ro-1');
    const byWriter = new Map(accepted.map((traced) => [traced.node, traced]));
    expect([...byWriter.keys()]).toEqual(['rw-1', 'ha-1']);
    for (const { at, node, event } of accepted) {
      if (event.kind !== 'ro.accepted') continue;
      // the pin is counted before the reader knows that it was accepted, so before any read of it
      const ready = one.trace.find(
        (later) => later.node === 'ro-1' && later.at > at && later.event.kind === 'ro.ready',
      );
      if (ready?.event.kind !== 'ro.ready' || ready.at > at + 40_000) continue;
      expect(ready.event.readPoint).toBeGreaterThanOrEqual(event.pin);
      const floors = one.trace.flatMap((other) =>
        other.node === node && other.event.kind === 'mark.pgmrpl' && other.at >= at && other.at <= ready.at
          ? [other.event.value]
          : [],
      );
      for (const value of floors) expect(value).toBeLessThanOrEqual(event.pin);
    }
    const floorsOf = (node: string): number[] => eventsIn(one, 'mark.pgmrpl', node).map(({ value }) => value);
    const [first = 0] = floorsOf('ha-1');
    expect(floorsOf('rw-1').length).toBeGreaterThan(0);
    // the new writer goes on where the old one had it: nothing that a reader may still need was let go in between
    const pins = accepted.flatMap(({ node, event }) =>
      node === 'ha-1' && event.kind === 'ro.accepted' ? [event.pin] : [],
    );
    expect(pins.length).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(Math.min(...pins));
    expect(one.monitors.exercised['store.read-window']).toBeGreaterThan(50);
  });

  test('FENCE-48 READ-43 what a session has seen on any node it sees after a failover', async () => {
    const one = await run([READS, '150.000 crash rw-1 for 100.000 ms'], 350);
    expect(one.monitors.violations).toEqual([]);
    const seen = (node: string): number =>
      eventsIn(one, 'session.read').filter(({ from }) => from === node).length;
    for (const node of ['rw-1', 'ha-1', 'ro-1']) expect(seen(node), node).toBeGreaterThan(0);
    expect(one.monitors.exercised['ro.session-monotone']).toBeGreaterThan(50);
  });

  test('READ-30 answers that take longer than the time to the next join are taken all the same', async () => {
    const far = ['rw-1', 'ha-1'].map((node) => `100.000 latency ${node} > ro-1 : 27.000 ms for 300.000 ms`);
    const one = await run([READS, ...far, '120.000 crash ro-1 for 5.000 ms'], 400);
    expect(one.monitors.violations).toEqual([]);
    const ready = one.trace.filter(
      ({ at, node, event }) => at > 125_000 && node === 'ro-1' && event.kind === 'ro.ready',
    );
    expect(ready.length).toBeGreaterThan(0);
    const moved = one.trace.filter(
      ({ at, node, event }) => at > 250_000 && node === 'ro-1' && event.kind === 'ro.applied',
    );
    expect(moved.length).toBeGreaterThan(10);
  });

  test('FENCE-18 a reader that was moved to the HA group is promoted when nobody else is up', async () => {
    const one = await run(
      ['100.000 moveToHa ro-1 1', '150.000 crash rw-1 for 250.000 ms', '150.000 crash ha-1 for 250.000 ms'],
      420,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(holders(one)).toEqual(['rw-1', 'ro-1']);
    expect(ackers(one, 300)).toEqual(['ro-1']);
  });
});

describe('the size of what is behind (FENCE-49, FENCE-50)', () => {
  test('FENCE-49 FENCE-32 H1 to H8 takes as long with twenty times the log, none of it built into pages', async () => {
    const measured = async (diesAt: number) => {
      const text = tape([`${diesAt}.000 crash rw-1`]).replace(
        'seed 3',
        'set materialiseRecords 1000000\nset materialiseMs 60000\nseed 3',
      );
      const one = await runTapeText(text, diesAt + 150);
      expect(one.monitors.violations).toEqual([]);
      const at = (kind: 'token.grant' | 'recovery.done'): number =>
        one.trace.findLast(({ event }) => event.kind === kind)?.at ?? Number.NaN;
      const log = eventsIn(one, 'recovery.computed').at(-1)?.vdlPrime ?? 0;
      return { log, tookUs: at('recovery.done') - at('token.grant') };
    };
    const small = await measured(60);
    const large = await measured(900);
    expect(large.log).toBeGreaterThan(small.log * 15);
    expect(small.tookUs).toBeGreaterThan(0);
    expect(large.tookUs).toBeLessThan(small.tookUs + Math.max(small.tookUs / 10, 50_000));
  });
});

describe('crashes in a promotion (FENCE-24, §6)', () => {
  const steps = ['token', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7'];
  test.each(steps)('FENCE-29 F19 F20 the candidate dies at %s', async (step) => {
    const one = await run(
      ['150.000 crash rw-1 for 60.000 ms', `150.000 crashOn ha-1 before ${step}`, '225.000 restart ha-1'],
      380,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'node.down', 'ha-1')).toHaveLength(1);
    expect(holders(one).length).toBeGreaterThan(2);
    expect(ackers(one, 330)).toHaveLength(1);
  });

  test('WAL-77 FENCE-50 two of three stores are full, and one of them lacks log: a standby opens the volume, which writes once there is room', async () => {
    const full = ['store-1', 'store-3'];
    const one = await run(
      [
        '120.000 isolate store-3 for 29.000 ms',
        ...full.map((store) => `148.000 diskFull ${store}`),
        '148.000 crash store-2',
        '148.000 crash rw-1 for 60.000 ms',
        ...full.map((store) => `400.000 diskOk ${store}`),
      ],
      500,
    );
    expect(one.monitors.violations).toEqual([]);
    const filled = one.trace.filter(
      ({ at, node, event }) => at > 148_000 && node === 'store-3' && event.kind === 'wal.durable',
    );
    expect(filled.some(({ event }) => event.kind === 'wal.durable' && event.source === 'peer')).toBe(true);
    const opened = one.trace.findLast(({ event }) => event.kind === 'recovery.done');
    expect(opened?.node).toBe('ha-1');
    expect(opened?.at).toBeLessThan(400_000);
    const acked = one.trace.flatMap(({ at, event }) =>
      event.kind === 'commit.ack' && at > 150_000 ? [at] : [],
    );
    expect(acked.length).toBeGreaterThan(5);
    expect(Math.min(...acked)).toBeGreaterThan(400_000);
  });

  test('FENCE-23 the leader of the metadata dies as soon as the grant is committed, and the next one goes on', async () => {
    const crashes = ['pcs-1', 'pcs-2', 'pcs-3'].map((pcs) => `150.000 crashOn ${pcs} before token`);
    const one = await run(
      [
        '150.000 crash rw-1 for 400.000 ms',
        ...crashes,
        ...['pcs-1', 'pcs-2', 'pcs-3'].map((pcs) => `260.000 restart ${pcs}`),
      ],
      500,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'raft.leader').length).toBeGreaterThan(1);
    expect(ackers(one, 450)).toEqual(['ha-1']);
  });
});

describe('planned switchover', () => {
  test('FENCE-33 W1 to W7: nothing is discarded, there and back', async () => {
    const one = await run(['150.000 switchover ha-1', '250.000 switchover rw-1'], 380);
    expect(one.monitors.violations).toEqual([]);
    expect(holders(one)).toEqual(['rw-1', 'ha-1', 'rw-1']);
    const handed = eventsIn(one, 'attachment.freeze').filter(({ state }) => state === 'handoff');
    expect(handed).toHaveLength(2);
    expect(eventsIn(one, 'recovery.computed').map(({ vdlPrime }) => vdlPrime)).toEqual(
      handed.map(({ vdl }) => vdl),
    );
    expect(eventsIn(one, 'recovery.history').flatMap(({ removed }) => removed)).toEqual([]);
    expect(ackers(one, 200)).toEqual(['ha-1', 'rw-1']);
    expect(modes(one, 'rw-1')).toEqual(['rw', 'ro', 'rw']);
  });

  test('FENCE-33 W3 a writer that has handed over once freezes again before it hands over again', async () => {
    const there = ['150.000 switchover ha-1', '250.000 switchover rw-1', '350.000 switchover ha-1'];
    const one = await run(there, 480);
    expect(one.monitors.violations).toEqual([]);
    expect(holders(one)).toEqual(['rw-1', 'ha-1', 'rw-1', 'ha-1']);
    const states = eventsIn(one, 'attachment.freeze', 'rw-1').map(({ state }) => state);
    expect(states).toEqual(['freeze', 'handoff', 'freeze', 'handoff']);
    expect(ackers(one, 430)).toEqual(['ha-1']);
  });

  test('FENCE-34 F12 the leader of the metadata dies before the grant: the same writer goes on', async () => {
    const one = await run(
      [
        '150.000 switchover ha-1',
        ...['pcs-1', 'pcs-2', 'pcs-3'].map((pcs) => `153.000 crash ${pcs} for 2.000 ms`),
      ],
      350,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'attachment.freeze').map(({ state }) => state)).toContain('thaw');
    expect(holders(one)).toEqual(['rw-1']);
    expect(ackers(one, 300)).toEqual(['rw-1']);
  });

  test('F13 W6 the target dies after the grant: another node is granted the next token', async () => {
    const one = await run(
      ['150.000 switchover ha-1', '150.000 crashOn ha-1 before R2', '330.000 restart ha-1'],
      420,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(holders(one)).toEqual(['rw-1', 'ha-1', 'rw-1']);
    expect(ackers(one, 350)).toEqual(['rw-1']);
  });

  test('W4 a target that is down is not waited for: the volume thaws', async () => {
    const one = await run(['150.000 crash ha-1 for 200.000 ms', '160.000 switchover ha-1'], 300);
    expect(one.monitors.violations).toEqual([]);
    expect(holders(one)).toEqual(['rw-1']);
    expect(eventsIn(one, 'ha.switch').map(({ state }) => state)).toEqual(['begin', 'ready']);
    expect(ackers(one, 250)).toEqual(['rw-1']);
  });
});

describe('the buffer of a standby that is promoted', () => {
  const READS = `0.000 workload d1 main kind=transfer rows=60 clients=4 ${LOAD}`;
  const promoted = (lines: readonly string[]): Promise<TapeRun> =>
    runTapeText(tape([READS, '100.000 moveToHa ro-1 9', ...lines]), 350, undefined, 'full');

  test('READ-32 it goes on with its pages, each as the log makes it, and reads those no more', async () => {
    const one = await promoted(['150.000 switchover ro-1']);
    expect(one.monitors.violations).toEqual([]);
    const [kept] = eventsIn(one, 'attachment.kept', 'ro-1');
    const handed = eventsIn(one, 'attachment.freeze').find(({ state }) => state === 'handoff');
    expect(kept?.vdl).toBe(handed?.vdl);
    expect(kept?.kept).toBeGreaterThan(3);
    expect(ackers(one, 250)).toEqual(['ro-1']);
    expect(one.monitors.exercised['wal.acked-survives']).toBeGreaterThan(0);
  });

  test('READ-32 READ-35 with records up to VDL′ that never came it begins with an empty buffer', async () => {
    const one = await promoted([
      '145.000 cut rw-1 > ro-1 for 100.000 ms',
      '155.000 crash rw-1 for 150.000 ms',
    ]);
    expect(one.monitors.violations).toEqual([]);
    const [kept] = eventsIn(one, 'attachment.kept', 'ro-1');
    expect(kept?.kept).toBe(0);
    expect(kept?.dropped).toBeGreaterThan(3);
    expect(ackers(one, 300)).toEqual(['ro-1']);
  });

  test('READ-32 records above VDL′ are not in the pages that it keeps', async () => {
    const one = await promoted([
      '140.000 cut rw-1 | store-1 store-2 store-3 for 100.000 ms',
      '155.000 crash rw-1 for 150.000 ms',
    ]);
    expect(one.monitors.violations).toEqual([]);
    const [kept] = eventsIn(one, 'attachment.kept', 'ro-1');
    const beyond = eventsIn(one, 'ro.received', 'ro-1').some(({ endLsn }) => endLsn > (kept?.vdl ?? 0) + 1);
    expect(beyond).toBe(true);
    expect(kept?.kept).toBeGreaterThan(3);
  });
});

describe('exactly once across a change of the writer', () => {
  const DRIVER = nodeId('d1');
  const STOP_MS = 400;
  const READ_MS = 500;
  const READ_EVERY_MS = 5;
  const END_MS = 750;
  const ms = (count: number): Time => (count * 1000) as Time;

  /** What the writer answers from then on is lost, so that its successor is asked for what it has committed. */
  const UNHEARD = '144.000 cut rw-1 > d1 for 40.000 ms';

  /** The loads of a sweep that can be counted, read back and judged as there. */
  async function runCounted(lines: readonly string[], mutant = '') {
    const read = tapeOf(tape(lines, mutant));
    const actions = [
      ...read.actions,
      ...drawCountable(3, DRIVER, [1500, 3000], ms(STOP_MS), null),
      ...readBackActions(ms(READ_MS), DRIVER, countedTables(null), READ_EVERY_MS * 1000),
    ].sort((a, b) => a.at - b.at);
    const counted = { ...read, actions };
    const one = await runTape(counted, END_MS);
    const history = makeHistory();
    for (const traced of one.trace) addToHistory(history, traced);
    const tables = judgeCountable(one.monitors, counted, history, one.answers, ms(END_MS));
    const { onReaders } = judgeLevels(one.monitors, history, ms(END_MS));
    return { one, history, tables, onReaders };
  }

  const marks = new Set(['append', 'add', 'put', 'remove']);

  test.each([
    ['F16 the writer died', ['150.000 crash rw-1 for 100.000 ms'], 1],
    ['F9 F10 the writer was frozen and goes on', ['150.000 freeze rw-1 for 60.000 ms'], 1],
    ['FENCE-33 the writer hands over', ['150.000 switchover ha-1'], 1],
    ['FENCE-33 there and back', ['150.000 switchover ha-1', '250.000 switchover rw-1'], 2],
  ] as const)(
    'FENCE-43 FENCE-44 %s: a retry is answered with the first outcome, and nothing runs twice',
    async (_, lines, changes) => {
      const { one, history, tables, onReaders } = await runCounted([UNHEARD, ...lines]);
      expect(one.monitors.violations).toEqual([]);
      expect(tables).toBe(countedTables(null).length);
      expect(one.monitors.exercised['client.exactly-once']).toBeGreaterThan(0);
      expect(countEffects(history)).toBeGreaterThan(100);
      expect(onReaders).toBeGreaterThan(10);
      const granted = one.trace.flatMap(({ at, event }) => (event.kind === 'token.grant' ? [at] : []));
      expect(granted).toHaveLength(changes + 1);
      const [, switchedAt = 0] = granted;
      const isCut = ({ operation, calledAt, returnedAt }: HistoryOperation): boolean =>
        marks.has(operation) && calledAt < switchedAt && returnedAt > switchedAt;
      const cut = history.operations.filter(isCut);
      expect(cut.length).toBeGreaterThan(0);
      expect(cut.some(({ outcome }) => outcome === 'ok')).toBe(true);
      const after = one.trace.filter(({ at }) => at > switchedAt).map(({ event }) => event);
      expect(after.some(({ kind }) => kind === 'driver.retry')).toBe(true);
      const replayed = after.filter(
        (event) =>
          event.kind === 'op.return' &&
          /^(lists|counters|churn)\//.test(event.client) &&
          event.value === REPLAYED,
      );
      expect(replayed.length).toBeGreaterThan(0);
    },
  );

  test('FENCE-52 a new writer that forgets who has committed what is found out', async () => {
    const { one } = await runCounted(
      [UNHEARD, '150.000 crash rw-1 for 100.000 ms'],
      'engine.forgets-clients',
    );
    expect(one.monitors.violations.map(({ rule }) => rule)).toContain('client.exactly-once');
  });
});
