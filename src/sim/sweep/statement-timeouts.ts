// Statements that statement_timeout ends while they wait (FENCE-47), drawn for sweeps: a key is held by an open transaction for longer than
// others wait for it. What such a statement wrote is not there at the end, whatever failed meanwhile, and its transaction has failed. From a
// stream of its own.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBetween } from '../../base/prng.ts';
import type { ClientResult, StatementResult } from '../../core/kernel/client-calls.ts';
import { requestIdAt } from '../actions/clients.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Monitors } from '../checks/monitor.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog } from './draw-tools.ts';

/** Of so many seeds one has them. */
const EVERY = 5;
/** Orders to make the table: one may meet a fault. */
const MADE = 4;
const APART_US = [200_000, 1_500_000] as const;
const HELD_US = [50_000, 400_000] as const;
const LIMIT_MS = [5, 150] as const;

const SESSION = 'timed-';
const LAST = ['last-timed', 'last-timed-again'] as const;
const LAST_READ = 'SELECT k FROM timed ORDER BY k';

/** Keys of a round: the one that is waited for, and one of each client that nobody else writes. */
const WAITED = 0;
const KEYS_A_ROUND = 10;
const insert = (round: number, ...own: readonly number[]): string =>
  `INSERT INTO timed VALUES ${own.map((key) => `(${round * KEYS_A_ROUND + key})`).join(', ')}`;
const keysIn = (text: string): number[] => [...text.matchAll(/\((\d+)\)/g)].map(([, key]) => Number(key));
const isOwn = (key: number): boolean => key % KEYS_A_ROUND !== WAITED;

/** Until `chaosUs`; the table is read at both times of `readAt`. */
export function drawTimeouts(
  seed: number,
  driver: NodeId,
  chaosUs: number,
  readAt: readonly [first: number, again: number],
): TapeAction[] {
  if (seed % EVERY !== 3) return [];
  const prng = makePrng(seed, 'statement timeouts');
  const actions: TapeAction[] = [];
  const sql = (at: number, session: string, text: string): void =>
    void actions.push({ kind: 'sql', at: at as Time, node: driver, session, text, params: [] });
  for (let i = 1; i <= MADE; i++)
    sql(i * 250_000, `${SESSION}holder`, 'CREATE TABLE IF NOT EXISTS timed (k int PRIMARY KEY)');
  let at = 1_500_000;
  for (let round = 1; at < chaosUs; round++) {
    const heldUs = nextBetween(prng, ...HELD_US);
    sql(at, `${SESSION}holder`, 'BEGIN');
    sql(at, `${SESSION}holder`, insert(round, WAITED, 1));
    sql(at + heldUs, `${SESSION}holder`, 'COMMIT');
    // a session that meets another writer begins with the defaults
    const limit = `SET statement_timeout = '${drawLog(prng, ...LIMIT_MS)}ms'`;
    const waitsAt = at + (heldUs >> 2);
    for (const text of [limit, 'BEGIN', insert(round, 2), insert(round, WAITED), 'COMMIT'])
      sql(waitsAt, `${SESSION}block`, text);
    for (const text of [limit, insert(round, 3, WAITED)]) sql(waitsAt, `${SESSION}single`, text);
    at += heldUs + nextBetween(prng, ...APART_US);
  }
  for (const [i, session] of LAST.entries()) sql(readAt[i] ?? 0, session, LAST_READ);
  return actions;
}

interface Block {
  readonly keys: number[];
  hasFailed: boolean;
  /** Nobody knows whether it was open, or what became of a statement in it. */
  isUnknown: boolean;
}

interface Fates {
  /** By key: whether it has to be there; keys of which nobody knows are left out. */
  readonly isThere: Map<number, boolean>;
  readonly blocks: Map<string, Block>;
}

const onlyOne = (reply: ClientResult | undefined): StatementResult | undefined =>
  reply?.outcome === 'unknown' ? undefined : reply?.statements[0];

const isTimeout = (result: StatementResult | undefined): boolean =>
  result?.kind === 'error' && result.message.includes('statement timeout');

/** What an answered statement says of the keys. Answers why it may not be, or null. */
function follow(
  { isThere, blocks }: Fates,
  session: string,
  text: string,
  result: StatementResult | undefined,
): string | null {
  const block = blocks.get(session);
  const decide = (keys: readonly number[], is: boolean): void => {
    for (const key of keys.filter(isOwn)) isThere.set(key, is);
  };
  if (text === 'BEGIN')
    blocks.set(session, { keys: [], hasFailed: false, isUnknown: result?.kind !== 'done' });
  else if (text === 'COMMIT') {
    blocks.delete(session);
    if (block === undefined || block.isUnknown || result === undefined) return null;
    // one that was carried out before is answered by another tag (FENCE-44)
    const isCommitted = result.kind === 'done' && result.tag !== 'ROLLBACK';
    decide(block.keys, isCommitted);
    if (isCommitted && block.hasFailed)
      return `COMMIT of ${session} answered COMMIT after a statement failed`;
  } else if (text.startsWith('INSERT')) {
    const keys = keysIn(text);
    if (block !== undefined) {
      block.keys.push(...keys);
      block.hasFailed ||= result?.kind === 'error';
      block.isUnknown ||= result === undefined;
    } else if (result !== undefined) decide(keys, result.kind === 'done');
  }
  return null;
}

/** How many statements were ended by their timeout. */
export function judgeTimeouts(
  monitors: Monitors,
  { actions }: Tape,
  replies: ReadonlyMap<string, ClientResult>,
  at: Time,
): number {
  const fates: Fates = { isThere: new Map(), blocks: new Map() };
  const drivers = new Set(actions.flatMap((action) => (action.kind === 'sql' ? [action.node] : [])));
  let timeouts = 0;
  let last: StatementResult | undefined;
  for (const [place, action] of actions.entries()) {
    if (action.kind === 'crash' && drivers.has(action.node))
      // whoever asks next is a client that has begun nothing
      for (const block of fates.blocks.values()) block.isUnknown = true;
    if (action.kind !== 'sql') continue;
    const result = onlyOne(replies.get(requestIdAt(actions, place)));
    if (action.text === LAST_READ && result?.kind === 'rows') last ??= result;
    if (!action.session.startsWith(SESSION)) continue;
    if (isTimeout(result)) timeouts++;
    const wrong = follow(fates, action.session, action.text, result);
    expectOfRun(monitors, 'client.block-fails', wrong === null, at, () => wrong ?? '');
  }
  if (last?.kind !== 'rows') return timeouts;
  const found = new Set(last.rows.map(([key]) => Number(key)));
  for (const [key, isThere] of fates.isThere) {
    const rule = isThere ? 'client.acked-present' : 'client.exactly-once';
    expectOfRun(monitors, rule, found.has(key) === isThere, at, () =>
      isThere
        ? `the insert of ${key} into timed was acknowledged, and the row is not there`
        : `the insert of ${key} into timed failed, and the row is there`,
    );
  }
  return timeouts;
}
