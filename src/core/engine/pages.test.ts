// Changing pages in the buffer: in place while they are the frame's own, on a copy when they are shared, and back to what
// they were when a record of an MTR does not apply.

import { beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../base/assert.ts';
import { BadBytes } from '../../base/bytes.ts';
import type { Lsn, Term, Time } from '../../base/ids.ts';
import { clonePlain, digestPlain } from '../../base/plain.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import { heapRoom, makeTuple } from '../page/heap-page.ts';
import { pageLsn } from '../page/page.ts';
import { pageKey } from '../page/page-key.ts';
import { EMPTY, heapInsertPayload, OP_HEAP_INIT, OP_HEAP_INSERT } from '../page/redo-ops.ts';
import { findPage } from './buffer-pool.ts';
import { makeEnv } from './engine-env.ts';
import { type Fixture, makeFixture } from './engine-fixture.ts';
import type { EngineState, Env } from './engine-state.ts';
import { appendChanges, type Change } from './pages.ts';

const KEY = pageKey(70_000, 0, 1);
const OTHER = pageKey(70_000, 0, 2);

const init = (blockKey = KEY): Change => ({ blockKey, op: OP_HEAP_INIT, init: true, payload: EMPTY });
const insert = (slot: number, bytes = 40, blockKey = KEY): Change => ({
  blockKey,
  op: OP_HEAP_INSERT,
  init: false,
  payload: heapInsertPayload(slot, makeTuple(1, 0, new Uint8Array(bytes).fill(slot + 1))),
});

let f: Fixture;
let tail: number;

function envOf(engine: EngineState): Env {
  const log = {
    volume: 'v1',
    term: 1 as Term,
    durable: tail as Lsn,
    get tail() {
      return tail as Lsn;
    },
    canAppend: () => true,
    append: (records: readonly unknown[]) => {
      const first = (tail + 1) as Lsn;
      tail += records.length;
      return { first, last: tail as Lsn };
    },
  };
  const pages = { readPoint: tail as Lsn, requestPage: () => {} };
  const ctx = {
    now: 5 as Time,
    role: 'compute' as const,
    tag: 1,
    scope: '',
    ids: makeIds(),
    effects: [],
    traceId: 0,
  };
  return makeEnv(engine, ctx, { log, pages, metadata: null });
}

const pageOf = (engine: EngineState, key = KEY): Uint8Array =>
  present(findPage(engine.pool, key), 'the page');

beforeEach(() => {
  f = makeFixture();
  tail = 100;
});

describe('a page in the buffer', () => {
  it('WAL-9 changes in place while nobody else has it', () => {
    appendChanges(envOf(f.engine), [init()]);
    const page = pageOf(f.engine);
    appendChanges(envOf(f.engine), [insert(0), insert(1)]);
    expect(pageOf(f.engine)).toBe(page);
    expect(pageLsn(page)).toBe(tail);
  });

  it('a clone ends that: the next change is made on a copy, in the original and in the twin alike', () => {
    appendChanges(envOf(f.engine), [init()]);
    appendChanges(envOf(f.engine), [insert(0)]);
    const twin = clonePlain(f.engine);
    const shared = pageOf(f.engine);
    const before = shared.slice();
    const digest = digestPlain(twin);
    expect(pageOf(twin)).toBe(shared);
    appendChanges(envOf(f.engine), [insert(1)]);
    expect(digestPlain(twin)).toBe(digest);
    tail--; // the twin's log goes on where the original's did
    appendChanges(envOf(twin), [insert(1)]);
    expect(shared).toEqual(before);
    expect(pageOf(twin)).not.toBe(pageOf(f.engine));
    expect(digestPlain(twin)).toBe(digestPlain(f.engine));
  });

  it('WAL-6 an MTR of which one record does not apply leaves every page as it was', () => {
    appendChanges(envOf(f.engine), [init(), init(OTHER)]);
    appendChanges(envOf(f.engine), [insert(0)]);
    const pages = [pageOf(f.engine), pageOf(f.engine, OTHER)];
    const before = pages.map((page) => page.slice());
    const tooBig = heapRoom(pageOf(f.engine));
    const attempt = () =>
      appendChanges(envOf(f.engine), [insert(1), insert(0, 40, OTHER), insert(2), insert(3, tooBig)]);
    const at = tail;
    expect(attempt).toThrow(BadBytes);
    expect(tail).toBe(at);
    expect([pageOf(f.engine), pageOf(f.engine, OTHER)]).toEqual(before);
    appendChanges(envOf(f.engine), [insert(1), insert(0, 40, OTHER)]);
    expect(pageOf(f.engine)).toBe(pages[0]);
  });
});
