// The SQL engine's place in tests of the node: it only counts. `put k …` changes page k and commits; the reply comes when
// VDL ≥ SCN, as WAL-19 asks. Requests wait for pages and for room in the log, first in, first out (WAL-8).

import type { Lsn, NodeId, TxId } from '../../../base/ids.ts';
import { type RoleContext, send, trace } from '../../kernel/context.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { pageLsn } from '../../page/page.ts';
import { type PageKey, pageKey, RELATIONS_PER_GROUP } from '../../page/page-key.ts';
import { OP_NOOP } from '../../page/redo-ops.ts';
import type { EngineProgram } from '../engine-program.ts';
import type { EnginePorts, LogAppender } from '../ports.ts';

interface Put {
  readonly from: NodeId;
  readonly message: MessageOf<'SqlRequest'>;
  readonly keys: readonly number[];
}

export interface Counter {
  /** pageLsn of each page in the buffer. */
  readonly pages: Map<number, Lsn>;
  waiting: Put[];
  commits: { scn: Lsn; put: Put }[];
  firstStart: boolean | null;
  nextTx: number;
}

/** Page k lies in the group k mod 2. */
const keyOf = (k: number): PageKey => pageKey((k % 2) * RELATIONS_PER_GROUP + 7, 0, k);
const COMMIT_KEY = pageKey(3, 0, 0);

const answer = (ctx: RoleContext, { from, message }: Put, scn: Lsn, code = ''): void => {
  const { session, incarnation, sequence } = message;
  const reply = { kind: 'SqlReply', session, incarnation, sequence, code, scn } as const;
  send(ctx, from, { ...reply, results: [], inTransaction: false });
};

function work(counter: Counter, { log, pages }: EnginePorts): void {
  const rest: Put[] = [];
  for (const put of counter.waiting) {
    const keys = [...put.keys.map(keyOf), COMMIT_KEY];
    const missing = keys.filter((key) => !counter.pages.has(key));
    for (const key of missing) pages.requestPage(key);
    if (missing.length > 0 || !log.canAppend(keys.length)) {
      rest.push(put);
      continue;
    }
    const tx = counter.nextTx++ as TxId;
    append(counter, log, keys.slice(0, -1), false, tx);
    counter.commits.push({ scn: append(counter, log, [COMMIT_KEY], true, tx), put });
  }
  counter.waiting = rest;
}

function append(counter: Counter, log: LogAppender, keys: PageKey[], isCommit: boolean, tx: TxId): Lsn {
  const base = log.tail;
  const records = keys.map((blockKey, i) => {
    const prevBlock = counter.pages.get(blockKey) ?? (-1 as Lsn);
    counter.pages.set(blockKey, (base + 1 + i) as Lsn);
    return { blockKey, op: OP_NOOP, init: prevBlock < 0, payload: new Uint8Array([i]), prevBlock };
  });
  return log.append(records, isCommit, tx, 0).last;
}

export const countingEngine: EngineProgram<Counter> = {
  configure: () => undefined,
  makeEngine: () => ({ pages: new Map(), waiting: [], commits: [], firstStart: null, nextTx: 1 }),
  openEngine: (counter, _ctx, ports, { firstStart }) => {
    counter.firstStart = firstStart;
    work(counter, ports);
  },
  onSqlRequest: (counter, _ctx, ports, from, message) => {
    if (message.kind !== 'SqlRequest') return;
    const keys = (message.statements[0]?.text ?? '').split(' ').slice(1).map(Number);
    counter.waiting.push({ from, message, keys });
    work(counter, ports);
  },
  onPage: (counter, _ctx, ports, blockKey, page) => {
    counter.pages.set(blockKey, page ? pageLsn(page) : (-1 as Lsn));
    work(counter, ports);
  },
  onPad: () => {},
  onPageOrder: () => null,
  pageImage: () => null,
  onVdl: (counter, ctx, ports) => {
    const { log } = ports;
    while ((counter.commits[0]?.scn ?? log.durable + 1) <= log.durable) {
      const [{ scn, put }] = counter.commits.splice(0, 1) as [{ scn: Lsn; put: Put }];
      trace(ctx, { kind: 'commit.ack', volume: log.volume, tx: 1, scn, vdl: log.durable, term: log.term });
      answer(ctx, put, scn);
    }
    work(counter, ports);
  },
  onWake: () => {},
  onViews: () => {},
  onFenced: (counter, ctx) => {
    for (const { put } of counter.commits.splice(0)) answer(ctx, put, -1 as Lsn, 'COMMIT_UNKNOWN');
    for (const put of counter.waiting.splice(0)) answer(ctx, put, -1 as Lsn, 'FENCED');
  },
  engineMinReadPoint: (_, { pages }) => pages.readPoint,
  engineView: () => ({
    commitsWaiting: [],
    activeTransactions: 0,
    lockWaits: 0,
    blocked: [],
    blocks: [],
    sessions: 0,
    buffer: { used: 0, limit: 0, dirty: 0, pinnedAboveVdl: 0 },
  }),
};
