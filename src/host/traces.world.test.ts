// Traces of the statements of a load under faults: each that was acknowledged is complete, from the driver to the disks of a write
// quorum, and what was lost, repeated or never answered is in it as such.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { TraceKind } from '../core/kernel/trace.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { readOtlp, readPerfetto } from '../run-model/exports/exports-fixture.ts';
import type { ListedEvent } from '../run-model/picture/frame.ts';
import type { Span, SpanTrace, TraceQuery } from '../run-model/spans/span.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { StepNote } from '../sim/step-notes.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { isDeep } from '../testing/depth.ts';
import { makePlayer, type Player } from './player.ts';
import { followTrace, searchTrace, type TraceFollower } from './trace-search.ts';

const head = (preset: string): readonly string[] => [
  'postdb-tape 1',
  'engine 0.3.0',
  `preset ${preset}`,
  'profile demo',
  'seed 5',
  '',
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
];

async function playerOf(preset: string, lines: readonly string[]): Promise<Player> {
  const parsed = parseTape(tapes, [...head(preset), ...lines].join('\n'));
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  return makePlayer(made.setup, await loadSqlEdge());
}

function runTo(player: Player, untilMs: number): void {
  while (!player.run((untilMs * 1000) as Time, Number.POSITIVE_INFINITY));
}

function traceOf(player: Player, query: TraceQuery): SpanTrace {
  const search = searchTrace(player, query);
  for (;;) {
    const answer = search.next(Number.POSITIVE_INFINITY);
    if (answer?.trace === null) throw new Error('no such statement');
    if (answer !== null) return answer.trace;
  }
}

/** Follows every operation of the load in one pass; what has settled is kept. */
function followAll(player: Player): () => readonly SpanTrace[] {
  const open = new Set<TraceFollower>();
  const traces: SpanTrace[] = [];
  const finish = (one: TraceFollower): void => {
    const trace = one.finish(player.now());
    if (trace !== null) traces.push(trace);
    open.delete(one);
  };
  const isDone = (one: TraceFollower): boolean => {
    const ended = one.endedAt();
    return ended !== null && (player.now() > ended + 100_000 || (player.now() > ended && one.isSettled()));
  };
  player.followed = {
    onNotes(notes: readonly StepNote[], sentBefore) {
      for (const { acts } of notes)
        for (const act of acts)
          if (act.kind === 'event' && act.event.kind === 'op.invoke')
            open.add(followTrace(player, { kind: 'operation', client: act.event.client, op: act.event.op }));
      for (const one of open) one.onNotes(notes, sentBefore);
    },
    onCrash(node, at) {
      for (const one of open) one.onCrash(node, at);
    },
    onLogged(logged) {
      for (const one of open) {
        one.onLogged(logged);
        if (isDone(one)) finish(one);
      }
    },
  };
  return () => {
    for (const one of [...open]) finish(one);
    return traces;
  };
}

const below = (trace: SpanTrace, parent: Span): readonly Span[] =>
  trace.spans.filter((span) => span.parent === parent.id).flatMap((span) => [span, ...below(trace, span)]);

const lsnsOf = ({ attributes }: Span): readonly number[] =>
  typeof attributes.lsns === 'string' ? attributes.lsns.split(' ').map(Number) : [];

/** Replicas on whose disk each of the statement's records was before it was answered. */
function replicasOf(trace: SpanTrace, statement: Span): readonly number[] {
  const spans = below(trace, statement);
  const appended = spans.flatMap(({ events }) =>
    events.flatMap(({ name, fields }) => {
      const { first, end } = fields;
      return name === 'mtr.append' && typeof first === 'number' && typeof end === 'number'
        ? Array.from({ length: end - first }, (_, i) => first + i)
        : [];
    }),
  );
  const disks = spans.filter(
    ({ kind, status, end }) => kind === 'disk' && status === 'ok' && (end ?? 0) <= (statement.end ?? 0),
  );
  return appended.map(
    (lsn) => new Set(disks.filter((disk) => lsnsOf(disk).includes(lsn)).map(({ node }) => node)).size,
  );
}

const faults = [
  '330.000 loss store-2 > rw-1 : 30 %',
  '330.000 loss rw-1 > store-1 : 20 %',
  '330.000 loss rw-1 > d1 : 15 %',
  '330.000 loss d1 > rw-1 : 15 %',
  '350.000 crash store-3 loseAll for 12.000 ms',
  '380.000 crash rw-1 loseAll for 4.000 ms',
  '430.000 cut rw-1 | store-2 for 15.000 ms',
  '460.000 diskSlow store-1 3000 %',
  '470.000 crash store-1 loseAll for 8.000 ms',
  '472.000 diskOk store-1',
  '500.000 crash d1 loseAll for 3.000 ms',
];

test('PCS-94 the trace of every acknowledged statement reaches from its driver to the disks of a write quorum, under crashes and lost replies', async () => {
  const player = await playerOf('cynosdb', faults);
  const finish = followAll(player);
  runTo(player, 560);
  const traces = finish();
  let acknowledged = 0;
  for (const trace of traces) {
    const ids = new Set(trace.spans.map(({ id }) => id));
    expect(ids.size).toBe(trace.spans.length);
    for (const { parent, start } of trace.spans) {
      const above = trace.spans.find(({ id }) => id === parent);
      expect(parent === null || above !== undefined).toBe(true);
      expect(start).toBeGreaterThanOrEqual(above?.start ?? 0);
    }
    for (const statement of trace.spans) {
      if (statement.kind !== 'statement' || statement.status !== 'ok') continue;
      const written = replicasOf(trace, statement);
      if (written.length === 0) continue;
      acknowledged++;
      const call = trace.spans.find(
        ({ parent, name, status }) => parent === statement.id && name === 'SqlRequest' && status === 'ok',
      );
      expect(call?.end).toBeLessThanOrEqual(statement.end ?? 0);
      expect(Math.min(...written), JSON.stringify(statement)).toBeGreaterThanOrEqual(2);
    }
  }
  const spans = traces.flatMap((trace) => trace.spans);
  const count = (test: (span: Span) => boolean): number => spans.filter(test).length;
  // Not for want of trying.
  expect(acknowledged).toBeGreaterThan(40);
  expect(count(({ name, attributes }) => name === 'SqlRequest' && attributes.attempt === 2)).toBeGreaterThan(
    3,
  );
  expect(count(({ status, kind }) => status === 'lost' && kind === 'call')).toBeGreaterThan(5);
  expect(count(({ status, kind }) => status === 'lost' && kind === 'disk')).toBeGreaterThan(0);
  expect(count(({ status }) => status === 'unanswered')).toBeGreaterThan(5);
  expect(count(({ events }) => events.some(({ name }) => name === 'answer.lost'))).toBeGreaterThan(5);
  expect(count(({ attributes }) => attributes.resend === true)).toBeGreaterThan(3);
  expect(count(({ links }) => links.length > 0)).toBeGreaterThan(3);
});

test.runIf(isDeep)(
  'PCS-99 a trace is opened of the past, the same however often and from wherever it is looked for',
  async () => {
    const player = await playerOf('cynosdb', [
      '310.000 sql d1 "select 1"',
      '320.000 sql d1 "create table t (a int)"',
    ]);
    const asked: TraceQuery[] = [];
    player.onEvents = (events) => {
      for (const { at, event } of events)
        if (event.kind === 'sql.start')
          asked.push({ target: { kind: 'request', request: event.request }, at, until: 360_000 });
    };
    runTo(player, 360);
    const [read, write] = asked.map((query) => traceOf(player, query));
    expect(read?.spans.map(({ kind, name, node }) => [kind, name, node])).toEqual([
      ['statement', 'statement', 'd1'],
      ['call', 'SqlRequest', 'rw-1'],
    ]);
    const [traceId] = write?.traceIds ?? [];
    if (write === undefined || traceId === undefined) throw new Error('it was sent');
    const root = write.spans[0];
    // By its number, and from a time at which it was long under way.
    const late = (write.spans.at(-1)?.start ?? 0) + 1;
    const again = traceOf(player, { target: { kind: 'trace', traceId }, at: late, until: 360_000 });
    expect(again.spans.map(({ id }) => id).slice(1)).toEqual(write.spans.map(({ id }) => id).slice(1));
    // At an instant before it ended it is open, and what had not begun is not there.
    const half = traceOf(player, { ...(asked[1] as TraceQuery), until: late });
    expect(half.spans[0]).toMatchObject({ id: root?.id, status: 'open', end: null });
    expect(half.spans.length).toBe(write.spans.filter(({ start }) => start < late).length);
    const none = searchTrace(player, {
      target: { kind: 'trace', traceId: 99_999_999 },
      at: 1_000,
      until: 5_000,
    });
    expect(none.next(Number.POSITIVE_INFINITY)).toEqual({ trace: null });
  },
);

test('PCS-94 READ-41 READ-46 a read that a reader serves has its spans: the request at the reader, the pages that it asks stores for, the next reader where one is silent', async () => {
  const player = await playerOf('cynosdb-ro', [
    '0.000 workload d1 pages kind=ycsb-a rows=200 clients=4 thinkUs=2000 ratePerSecond=0 readPercent=60 hotPercent=0 valueBytes=200 load=true',
    '300.000 latency rw-1 > ro-1 : 8.000 ms for 60.000 ms',
    '400.000 crash ro-2 for 10.000 ms',
  ]);
  const finish = followAll(player);
  runTo(player, 460);
  const seen = { served: 0, pages: 0, waited: 0, retried: 0 };
  for (const trace of finish())
    for (const statement of trace.spans.filter(
      ({ kind, status }) => kind === 'statement' && status === 'ok',
    )) {
      const spans = below(trace, statement);
      const requests = spans.filter(({ name }) => name === 'PointedRequest');
      const last = requests.at(-1);
      if (last === undefined || spans.some(({ name }) => name === 'SqlRequest')) continue;
      expect(last.node).toMatch(/^ro-/);
      expect(last.status).toBe('ok');
      expect(statement.attributes.readPoint).toBeGreaterThan(0);
      expect(statement.end).toBeGreaterThanOrEqual(last.end ?? Number.POSITIVE_INFINITY);
      const pages = below(trace, last).filter(({ name }) => name === 'ReadPage');
      for (const { from, node } of pages)
        expect([from, node]).toEqual([last.node, expect.stringMatching(/^store-/)]);
      seen.served++;
      seen.pages += pages.length;
      seen.waited += requests.filter(({ events }) => events.some(({ name }) => name === 'ro.wait')).length;
      seen.retried += requests.length - 1;
    }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});

/** Everything that the player's run has traced up to a time. */
function eventsUpTo(player: Player, untilMs: number): readonly ListedEvent[] {
  const listed: ListedEvent[] = [];
  player.onEvents = (events) => listed.push(...events);
  runTo(player, untilMs);
  return listed;
}

const workOf = ({ node, ordinal, event, at }: ListedEvent, until: number): TraceQuery => ({
  target: { kind: 'work', node, ordinal, event: event.kind },
  at,
  until,
});

/** Whole, each span under the one that led to it, and no statement's. */
function expectWork({ spans, left }: SpanTrace, name: string): Span {
  const [root] = spans;
  if (root === undefined) throw new Error('it has a root');
  expect([root.kind, root.name, root.parent, left]).toEqual(['work', name, null, 0]);
  const byId = new Map(spans.map((span) => [span.id, span]));
  expect(byId.size).toBe(spans.length);
  for (const span of spans.slice(1)) {
    expect(byId.get(span.parent ?? '')?.start ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(span.start);
    expect(['statement', 'operation']).not.toContain(span.kind);
    expect(['SqlRequest', 'NodeBeat', 'NodeBeatOk']).not.toContain(span.name);
  }
  return root;
}

test('PCS-94 background work is a trace of its own: from the event that begins it, by messages and disk requests of every node, to the one that ends it', async () => {
  const lines = [
    '150.000 addPcs pcs-4',
    '180.000 putConfig global scrubEveryMs 40',
    '220.000 loss rw-1 > store-2 : 40 % for 40.000 ms',
    '380.000 crash rw-1 loseAll for 4.000 ms',
  ];
  const until = 440;
  const player = await playerOf('cynosdb-pcs', lines);
  const listed = eventsUpTo(player, until);
  /** Of its kind, the first after a time that comes to its end and takes such a message. */
  const whole = (kind: TraceKind, fromMs: number, call: string): SpanTrace => {
    const begun = listed.filter(({ event, at }) => event.kind === kind && at >= fromMs * 1000).slice(0, 12);
    for (const one of begun) {
      const trace = traceOf(player, workOf(one, until * 1000));
      if (trace.spans[0]?.end != null && trace.spans.some(({ name }) => name === call)) return trace;
    }
    throw new Error(`no ${kind} that ended with a ${call}, of ${begun.length}`);
  };
  for (const [kind, name, fromMs, calls, disks, atLeast] of [
    ['hole.open', 'hole repair', 220, 'GapReq', 1, 2],
    ['token.grant', 'recovery', 380, 'RecoveryRead', 3, 4],
    ['pcs.change.begin', 'change of the PCS', 150, 'Raft', 3, 4],
    ['config.put', 'configuration', 180, 'SetConfig', 5, 5],
    ['raft.candidate', 'election', 0, 'Raft', 2, 2],
  ] as const) {
    const trace = whole(kind, fromMs, calls);
    const root = expectWork(trace, name);
    const { spans } = trace;
    const written = spans.filter(
      (span) => span.kind === 'disk' && span.name === 'write' && span.status === 'ok',
    );
    expect([kind, written.length >= disks]).toEqual([kind, true]);
    expect([kind, new Set(spans.map(({ node }) => node)).size >= atLeast]).toEqual([kind, true]);
    expect(root.end).toBeGreaterThan(root.start);
    // Its files are those of a statement's trace: every span has its parent, every call that arrived a flow.
    const ids = new Set(
      readOtlp(trace, { preset: 'cynosdb-pcs', seed: 7, engine: '1' }).map(([, { traceId }]) => traceId),
    );
    expect(ids.size).toBe(1);
    const { processes, flows } = readPerfetto(trace);
    expect(new Set(processes)).toEqual(new Set(spans.flatMap(({ node, from }) => [node, from ?? node])));
    expect(flows.begin).toHaveLength(
      spans.filter((span) => span.kind === 'call' && span.receivedAt !== null).length,
    );
    expect(flows.end).toEqual(flows.begin);
  }
});

test.runIf(isDeep)(
  'PCS-94 an event that nothing on the way names belongs to the work of its first cause, one of a statement to the statement',
  async () => {
    const player = await playerOf('cynosdb', ['330.000 loss rw-1 > store-2 : 20 % for 20.000 ms']);
    const listed = eventsUpTo(player, 380);
    const last = (kind: TraceKind): ListedEvent => {
      const found = listed.findLast(({ event, at }) => event.kind === kind && at < 370_000);
      if (found === undefined) throw new Error(`no ${kind}`);
      return found;
    };
    const collected = last('gc.drop');
    const trace = traceOf(player, workOf(collected, 380_000));
    expectWork(trace, 'gc.drop');
    const at = trace.spans.find(({ events }) => events.some(({ name }) => name === 'gc.drop'));
    expect(at?.node).toBe(collected.node);
    // from wherever it is looked for, the same
    const again = traceOf(player, workOf(collected, 380_000));
    expect(again).toEqual(trace);
    const appended = traceOf(player, workOf(last('mtr.append'), 380_000));
    expect(appended.spans[0]?.kind).toBe('statement');
    expect(appended.spans.some(({ events }) => events.some(({ name }) => name === 'mtr.append'))).toBe(true);
  },
);
