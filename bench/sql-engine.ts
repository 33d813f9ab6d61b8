// The SQL engine alone, for P10: a log that only counts, pages that all stay in the buffer, VDL that follows when it is told
// to. What is measured is the path from a request to its reply, without a network, a disk or the other nodes.

import type { GroupId, Lsn, NodeId, Term, Time } from '../src/base/ids.ts';
import { makePrng } from '../src/base/prng.ts';
import { makeEngine, onPage, onSqlRequest, onVdl, onWake, openEngine } from '../src/core/engine/engine.ts';
import type { EngineState } from '../src/core/engine/engine-state.ts';
import type { EnginePorts } from '../src/core/engine/ports.ts';
import type { StatementResult } from '../src/core/kernel/client-calls.ts';
import type { RoleContext } from '../src/core/kernel/context.ts';
import { makeIds } from '../src/core/kernel/context-fixture.ts';
import type { Effect, NodeConfig } from '../src/core/kernel/door.ts';
import { usualLimits } from '../src/core/kernel/limits-fixture.ts';
import type { Message, MessageOf } from '../src/core/kernel/messages.ts';
import type { Params } from '../src/core/kernel/params.ts';
import { groupKeyFirst, type PageKey } from '../src/core/page/page-key.ts';
import { parseSql } from '../src/edge/sql-parser.ts';

const DRIVER = 'd1' as NodeId;
const PAGE_BYTES = 8192;

function makeConfig(): NodeConfig {
  const groups = [0, 1].map((i) => ({
    id: `g${i + 1}` as GroupId,
    replicas: [],
    keyFirst: groupKeyFirst(i),
    keyEnd: groupKeyFirst(i + 1),
    vw: 2,
    vr: 2,
  }));
  return {
    nodeId: 'rw-1' as NodeId,
    roles: ['compute'],
    cluster: { preset: 'bench', volume: 'v1', nodes: [], groups },
    params: { ...usualLimits, pageBytes: PAGE_BYTES, bufferPages: 65_536, deadlockMs: 1000 } as Params,
    prng: makePrng(1, 'bench'),
    mutants: [],
  };
}

export interface BenchEngine {
  /** Sends the same number of requests as there are sessions given, lets VDL move, and answers each one's result. */
  batch(
    requests: readonly { readonly text: string; readonly params: readonly string[] }[],
  ): StatementResult[];
  /** One request of the first session. */
  run(text: string, params?: readonly string[]): StatementResult;
}

/** An engine with an empty catalog, open. */
export function makeBenchEngine(): BenchEngine {
  const engine: EngineState = makeEngine(makeConfig());
  const replies: MessageOf<'SqlReply'>[] = [];
  const wanted: PageKey[] = [];
  const timers = new Set<string>();
  let [tail, durable, now] = [-1, -1, 1000];
  const ports: EnginePorts = {
    metadata: null,
    log: {
      volume: 'v1',
      term: 1 as Term,
      get durable() {
        return durable as Lsn;
      },
      get tail() {
        return tail as Lsn;
      },
      canAppend: () => true,
      append: (records) => {
        const first = (tail + 1) as Lsn;
        tail += records.length;
        return { first, last: tail as Lsn };
      },
    },
    pages: {
      get readPoint() {
        return durable as Lsn;
      },
      requestPage: (blockKey) => void wanted.push(blockKey),
    },
  };
  const effects: Effect<Message>[] = [];
  const ids = makeIds();
  const call = (work: (ctx: RoleContext) => void): void => {
    effects.length = 0;
    work({ now: now as Time, role: 'compute', tag: 1, scope: '', ids, effects, traceId: 0 });
    for (const effect of effects) {
      if (effect.kind === 'wakeAt') {
        if (effect.at === null) timers.delete(effect.timer);
        else timers.add(effect.timer.slice('compute:'.length));
      } else if (effect.kind === 'send' && effect.message.kind === 'SqlReply') replies.push(effect.message);
    }
  };
  /** Until nobody waits but for a lock. */
  const settle = (): void => {
    for (;;) {
      if (wanted.length > 0)
        for (const blockKey of wanted.splice(0)) call((ctx) => onPage(engine, ctx, ports, blockKey, null));
      else if (tail > durable) {
        durable = tail;
        call((ctx) => onVdl(engine, ctx, ports));
      } else if (timers.delete('engine.turn')) {
        now += 500;
        call((ctx) => onWake(engine, ctx, ports, 'engine.turn'));
      } else return;
    }
  };
  call((ctx) => openEngine(engine, ctx, ports, { firstStart: true }));
  settle();
  const sequences: number[] = [];
  const batch: BenchEngine['batch'] = (requests) => {
    replies.length = 0;
    now += 10;
    requests.forEach(({ text, params }, i) => {
      const sequence = (sequences[i] ?? 0) + 1;
      sequences[i] = sequence;
      const statements = parseSql(text).map((one) => ({ id: 0, text: one.text, tree: one.tree }));
      call((ctx) =>
        onSqlRequest(engine, ctx, ports, DRIVER, {
          kind: 'SqlRequest',
          volume: 'v1',
          session: `s${i}`,
          incarnation: 1,
          sequence,
          attempt: 1,
          statements,
          params: [...params],
          inTransaction: false,
        }),
      );
    });
    settle();
    if (replies.length !== requests.length)
      throw new Error(`${replies.length} replies to ${requests.length} requests`);
    return replies.map(({ results, code }) => {
      const [result] = results.slice(-1);
      if (result === undefined || result.kind === 'error')
        throw new Error(`${requests[0]?.text}: ${code} ${JSON.stringify(result)}`);
      return result;
    });
  };
  return { batch, run: (text, params = []) => batch([{ text, params }])[0] as StatementResult };
}
