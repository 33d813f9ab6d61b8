// A driver by hand: its clock, what it sends, and a writer whose answers the test gives.

import { lsn, type NodeId, nodeId, type Time, term, time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { ClientResult, StatementTree } from '../kernel/client-calls.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { Effect, NodeConfig } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { demoParams as params } from '../kernel/params-fixture.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { openDriver, startDriver, stepDriver } from './driver.ts';

const cluster: ClusterSpec = {
  preset: 'test',
  volume: 'v1',
  nodes: [
    { id: nodeId('d1'), zone: 'a', roles: ['driver'] },
    { id: nodeId('meta-1'), zone: 'a', roles: ['meta'] },
    { id: nodeId('rw-1'), zone: 'a', roles: ['compute'] },
  ],
  groups: [],
};
const config: NodeConfig = {
  nodeId: nodeId('d1'),
  roles: ['driver'],
  cluster,
  params,
  prng: makePrng(7, 'd1'),
  mutants: [],
};
export const statement = { text: 'select 1', tree: new Uint8Array([1]) };

/** The same with a reader. */
const withReader: NodeConfig = {
  ...config,
  cluster: {
    ...cluster,
    nodes: [...cluster.nodes, { id: nodeId('ro-1'), zone: 'b', roles: ['compute'], isReader: true }],
  },
};

/** A driver, its clock, and what it sent. */
export function makeBench(
  disk: ReadonlyMap<string, Uint8Array> = new Map(),
  hasReader = false,
  isAppointed = false,
) {
  const state = { ...openDriver(hasReader ? withReader : config, disk), isAppointed };
  const sent: MessageOf<'SqlRequest'>[] = [];
  const asked: MessageOf<'PointedRequest'>[] = [];
  const gathered: { readonly to: string; readonly request: MessageOf<'GatherRequest'> }[] = [];
  const sharded: { readonly to: string; readonly request: MessageOf<'ShardRequest'> }[] = [];
  const closed: string[] = [];
  const cancelled: { readonly to: NodeId; readonly sequence: number }[] = [];
  const traced: TraceEvent[] = [];
  const replies: ClientResult[] = [];
  const saved = new Map(disk);
  let now = 0;
  let wakeAt: Time | null = null;
  const run = (work: (ctx: RoleContext) => void): void => {
    const effects: Effect<Message>[] = [];
    work({ now: time(now), role: 'driver', tag: 3, scope: '', ids: makeIds(), effects, traceId: 0 });
    for (const effect of effects) {
      if (effect.kind === 'send' && effect.message.kind === 'SqlRequest') sent.push(effect.message);
      if (effect.kind === 'send' && effect.message.kind === 'PointedRequest') asked.push(effect.message);
      if (effect.kind === 'send' && effect.message.kind === 'GatherRequest')
        gathered.push({ to: effect.to, request: effect.message });
      if (effect.kind === 'send' && effect.message.kind === 'ShardRequest')
        sharded.push({ to: effect.to, request: effect.message });
      if (effect.kind === 'send' && effect.message.kind === 'SqlCancel')
        cancelled.push({ to: effect.to, sequence: effect.message.sequence });
      if (effect.kind === 'send' && effect.message.kind === 'SqlClose') closed.push(effect.message.session);
      if (effect.kind === 'trace') traced.push(effect.event);
      if (effect.kind === 'reply') replies.push(effect.result);
      if (effect.kind === 'wakeAt') wakeAt = effect.at;
      if (effect.kind === 'store')
        for (const { key, bytes } of effect.writes) if (bytes !== null) saved.set(key, bytes);
    }
  };
  const message = (from: string, m: Message): void =>
    run((ctx) =>
      stepDriver(state, { kind: 'message', now: time(now), from: nodeId(from), message: m, traceId: 0 }, ctx),
    );
  const bench = {
    state,
    sent,
    /** Of the reader. */
    asked,
    /** Where tables are cut: of any node, and of primaries. */
    gathered,
    sharded,
    closed,
    /** Requests whose nodes were told that they are over. */
    cancelled,
    traced,
    replies,
    saved,
    start: () => run((ctx) => startDriver(state, ctx, 1)),
    route: (writer: string | null, mapVersion: number, readers: readonly string[] | null = null) =>
      message('meta-1', {
        kind: 'Route',
        readers: readers === null ? null : readers.map(nodeId),
        volume: 'v1',
        exists: true,
        mapVersion,
        writer: writer === null ? null : nodeId(writer),
        token: term(1),
      }),
    message,
    ask: (session = 's', asks: StatementTree = statement, values: readonly (string | null)[] = []) =>
      run((ctx) =>
        stepDriver(
          state,
          {
            kind: 'clientRequest',
            now: time(now),
            requestId: 'q',
            request: { kind: 'sql', session, text: asks.text, params: values },
            statements: [asks],
          },
          ctx,
        ),
      ),
    cancel: (session = 's') =>
      run((ctx) =>
        stepDriver(
          state,
          {
            kind: 'clientRequest',
            now: time(now),
            requestId: 'c',
            request: { kind: 'cancel', session },
            statements: [],
          },
          ctx,
        ),
      ),
    command: (command: Parameters<typeof stepDriver>[1] & { kind: 'operatorCommand' }) =>
      run((ctx) => stepDriver(state, command, ctx)),
    answer: (
      request: MessageOf<'SqlRequest'>,
      code = '',
      inTransaction = false,
      results: MessageOf<'SqlReply'>['results'] = [{ kind: 'done', tag: 'OK' }],
      from = 'rw-1',
    ) =>
      message(from, {
        kind: 'SqlReply',
        session: request.session,
        incarnation: request.incarnation,
        sequence: request.sequence,
        code,
        scn: lsn(9),
        results,
        inTransaction,
      }),
    /** A node's engine refuses the request. */
    refuse: (
      node: string,
      { session, incarnation, sequence }: MessageOf<'SqlRequest' | 'PointedRequest'>,
      code: string,
    ) =>
      message(node, {
        kind: 'SqlReply',
        session,
        incarnation,
        sequence,
        code,
        scn: lsn(-1),
        results: [],
        inTransaction: false,
      }),
    /** The reader serves a read at this point. */
    serve: (
      { session, incarnation, sequence }: MessageOf<'PointedRequest'>,
      readPoint: number,
      more: Partial<MessageOf<'PointedReply'>> = {},
    ) =>
      message('ro-1', {
        kind: 'PointedReply',
        session,
        incarnation,
        sequence,
        code: '',
        scn: lsn(-1),
        results: [{ kind: 'done', tag: 'OK' }],
        inTransaction: false,
        readPoint: lsn(readPoint),
        ...more,
      }),
    /** Lets time pass to each due instant up to `ms`. */
    pass: (ms: number) => {
      const end = now + ms * 1000;
      while (wakeAt !== null && wakeAt <= end) {
        now = wakeAt;
        wakeAt = null;
        run((ctx) => stepDriver(state, { kind: 'wake', now: time(now), timer: 'due' }, ctx));
      }
      now = end;
    },
  };
  return bench;
}

/** A node says that it carries the request out. */
export const atWork = (
  d: DriverBench,
  node: string,
  { session, incarnation, sequence }: Pick<MessageOf<'SqlRequest'>, 'session' | 'incarnation' | 'sequence'>,
): void => d.message(node, { kind: 'AtWork', to: 'driver', session, incarnation, sequence });

export const last = <T>(items: readonly T[]): T => items[items.length - 1] as T;

export type DriverBench = ReturnType<typeof makeBench>;

/** A driver that has started and knows rw-1 as the writer. */
export function routedBench(
  disk?: ReadonlyMap<string, Uint8Array>,
  hasReader = false,
  isAppointed = false,
): DriverBench {
  const bench = makeBench(disk, hasReader, isAppointed);
  bench.start();
  bench.route('rw-1', 1);
  return bench;
}
