// Recovery point by what clients know: operations that were acknowledged, held against the rows that are read at the end. A write whose outcome
// its client does not know may be there or not, and is never lost. Pure.

import { type History, type HistoryOperation, registerHistories } from '../../sim/checks/history.ts';
import { checkRegister } from '../../sim/checks/register-history.ts';
import type { ComparedLoad } from './compared.ts';

export interface Lost {
  /** Acknowledged, and not there: of transfers and registers at least so many. Null: the rows could not be read. */
  readonly count: number | null;
  /** Number of the event that acknowledged the first of them; null: none, or none in particular. */
  readonly first: number | null;
}

export type Rows = readonly (readonly (string | null)[])[];

/** What each account begins with. */
const BEGINS_WITH = 1000;
/** Of one account at most so many transfers of unknown outcome are tried with and without. */
const MOST_UNKNOWN = 12;

/** What is asked at the end, key first. */
export const lastReads: Readonly<Record<ComparedLoad, string>> = {
  transfers: 'SELECT id, balance FROM accounts',
  inserts: 'SELECT id, v FROM kv',
  registers: 'SELECT k, v FROM registers',
};

/** `rows`: null where the last read was not answered. */
export function lostOf(load: ComparedLoad, history: History, rows: Rows | null): Lost {
  if (rows === null) return { count: null, first: null };
  const read = new Map(rows.map(([key, value]) => [key ?? '', value ?? '']));
  switch (load) {
    case 'inserts':
      return lostInserts(history, read);
    case 'transfers':
      return lostTransfers(history, read);
    case 'registers':
      return lostWrites(history, read);
  }
}

const keyOf = (key: string): string => key.slice(key.indexOf('/') + 1);

function lostInserts({ operations }: History, read: ReadonlyMap<string, string>): Lost {
  const lost = operations.filter(
    ({ operation, outcome, key, value }) =>
      operation === 'insert' && outcome === 'ok' && read.get(keyOf(key)) !== value,
  );
  return { count: lost.length, first: lost[0] === undefined ? null : lost[0].returned - 1 };
}

interface Account {
  known: number;
  readonly unknown: number[];
}

function lostTransfers({ operations }: History, read: ReadonlyMap<string, string>): Lost {
  const accounts = new Map<string, Account>();
  const move = (id: string, amount: number, isKnown: boolean): void => {
    const account = accounts.get(id) ?? { known: BEGINS_WITH, unknown: [] };
    accounts.set(id, account);
    if (isKnown) account.known += amount;
    else account.unknown.push(amount);
  };
  for (const { operation, outcome, key, value } of operations) {
    if (operation !== 'transfer' || outcome === 'error') continue;
    const [from = '', to = ''] = keyOf(key).split('-');
    move(from, -Number(value), outcome === 'ok');
    move(to, Number(value), outcome === 'ok');
  }
  let off = 0;
  for (const [id, account] of accounts) if (!explains(account, Number(read.get(id) ?? Number.NaN))) off++;
  // A transfer changes two accounts.
  return { count: Math.ceil(off / 2), first: null };
}

/** Whether some of the transfers whose outcome is unknown make the balance of those that are known. */
function explains({ known, unknown }: Account, balance: number): boolean {
  if (unknown.length > MOST_UNKNOWN) return true;
  let sums = [known];
  for (const amount of unknown) sums = [...sums, ...sums.map((sum) => sum + amount)];
  return sums.includes(balance);
}

function lostWrites(history: History, read: ReadonlyMap<string, string>): Lost {
  for (const [key, value] of read) history.lastReads.set(`registers/${key}`, value);
  let count = 0;
  let first: number | null = null;
  for (const operations of registerHistories(history, 'registers/').values()) {
    const fault = checkRegister(operations, 'init');
    if (fault === null) continue;
    count++;
    first ??= placeOf(history.operations, fault.operations[0]?.id);
  }
  return { count, first };
}

const placeOf = (operations: readonly HistoryOperation[], id: string | undefined): number | null => {
  const one = operations.find(({ client, calledAt }) => `${client}@${calledAt}` === id);
  return one === undefined || !Number.isFinite(one.returned) ? null : one.returned - 1;
};
