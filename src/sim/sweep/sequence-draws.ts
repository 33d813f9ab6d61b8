// Values of a sequence and of an identity column that several sessions draw while nodes fail and others become the writer: what was
// answered is never answered again, and within a session it ascends, as PostgreSQL promises (a crash leaves values out). Each draw is
// a transaction of its own, so what is answered is durable; values of what was undone may come again and are not judged. From a
// stream of its own.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween } from '../../base/prng.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import { requestIdAt } from '../actions/clients.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Monitors } from '../checks/monitor.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';

/** Between two draws, µs of the sweep's profile. */
const APART = [40_000, 400_000] as const;
const SESSIONS = 3;
const SESSION = 'draws-';

const MADE =
  "CREATE SEQUENCE IF NOT EXISTS numbers; CREATE TABLE IF NOT EXISTS drawn (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n bigint DEFAULT nextval('numbers'))";
/** What is drawn from, and the statement that answers with the values in the order in which they were drawn. */
const DRAWS = [
  ['numbers', "SELECT nextval('numbers')"],
  ['drawn', 'INSERT INTO drawn (n) VALUES (0) RETURNING id'],
  ['drawn', 'INSERT INTO drawn (n) VALUES (0), (0), (0) RETURNING id'],
  ['numbers', 'INSERT INTO drawn DEFAULT VALUES RETURNING n'],
] as const;
const UNDONE = "BEGIN; SELECT nextval('numbers'); INSERT INTO drawn (n) VALUES (0); ROLLBACK";

/** In every fourth seed. */
export function drawSequences(seed: number, driver: NodeId, chaosUs: number): TapeAction[] {
  if (seed % 4 !== 1) return [];
  const prng = makePrng(seed, 'sequence-draws');
  const actions: TapeAction[] = [];
  const sql = (at: number, session: number, text: string): void =>
    void actions.push({
      kind: 'sql',
      at: at as Time,
      node: driver,
      session: `${SESSION}${session}`,
      text,
      params: [],
    });
  sql(200_000, 0, MADE);
  for (let at = 500_000; at < chaosUs; at += nextBetween(prng, ...APART)) {
    const draw = DRAWS[nextBelow(prng, DRAWS.length + 1)];
    sql(at, nextBelow(prng, SESSIONS), draw?.[1] ?? UNDONE);
  }
  return actions;
}

/** How many values were judged. */
export function judgeSequences(
  monitors: Monitors,
  { actions }: Tape,
  replies: ReadonlyMap<string, ClientResult>,
  at: Time,
): number {
  const drawn = new Set<string>();
  const last = new Map<string, bigint>();
  for (const [place, action] of actions.entries()) {
    if (action.kind !== 'sql' || !action.session.startsWith(SESSION)) continue;
    const from = DRAWS.find(([, text]) => text === action.text)?.[0];
    const [result] = replies.get(requestIdAt(actions, place))?.statements ?? [];
    if (from === undefined || result?.kind !== 'rows') continue;
    for (const [value] of result.rows) {
      const key = `${action.session} ${from}`;
      const name = `${from} ${value}`;
      const before = last.get(key) ?? 0n;
      const isGood = !drawn.has(name) && BigInt(value ?? 0) > before;
      const say = (): string =>
        `${value} of ${from} was drawn by ${action.session} after ${before}${drawn.has(name) ? ', and came before' : ''}`;
      expectOfRun(monitors, 'client.exactly-once', isGood, at, say);
      drawn.add(name);
      last.set(key, BigInt(value ?? 0));
    }
  }
  return drawn.size;
}
