// Lens 4.10, the history: operations as clients saw them, from call to return, and for one key the order in which they
// can have taken place – or the operations that no order explains (reliability: C01; register-history.ts).

import type { PastPicture } from '../../../run-model/recorder/past.ts';
import {
  addToHistory,
  type HistoryOperation,
  isRegisterAccess,
  makeHistory,
} from '../../../sim/checks/history.ts';
import { checkRegister, type RegisterOperation } from '../../../sim/checks/register-history.ts';

export interface OperationBar {
  readonly id: string;
  readonly client: string;
  readonly call: HistoryOperation['call'];
  readonly operation: string;
  readonly key: string;
  readonly value: string;
  readonly from: number;
  /** End of the stretch while no answer has come. */
  readonly to: number;
  readonly outcome: HistoryOperation['outcome'];
  /** Its place in a legal order of the chosen key, counted from 1; null where there is none. */
  readonly place: number | null;
  /** One of the operations that cannot be ordered. */
  readonly isFault: boolean;
}

export interface OperationModel {
  readonly from: number;
  readonly to: number;
  readonly clients: readonly string[];
  readonly bars: readonly OperationBar[];
  readonly keys: readonly string[];
  readonly key: string | null;
  /** Keys whose operations no order explains, whichever one is chosen. */
  readonly faultyKeys: readonly string[];
  /** Why the operations on the key cannot be ordered, or null. */
  readonly fault: string | null;
  readonly outcomes: Readonly<Record<HistoryOperation['outcome'], number>>;
}

const idOf = (one: HistoryOperation): string => `${one.client}@${one.calledAt}`;

/** Reads of values written before the stretch say nothing here; the last of them is the value at its start. */
function registerOf(operations: readonly HistoryOperation[]): { list: RegisterOperation[]; initial: string } {
  const written = new Set(
    operations.filter(({ operation }) => operation === 'write').map(({ value }) => value),
  );
  let initial = '';
  const list: RegisterOperation[] = [];
  for (const one of operations) {
    const isRead = one.operation === 'read';
    if (isRead && one.outcome === 'ok' && !written.has(one.value)) initial = one.value;
    const outcome = one.outcome === 'error' ? 'fail' : one.outcome === 'open' ? 'unknown' : one.outcome;
    const { called, returned, value } = one;
    list.push({ kind: isRead ? 'read' : 'write', value, called, returned, outcome, id: idOf(one) });
  }
  const known = list.filter(({ kind, value }) => kind === 'write' || written.has(value) || value === initial);
  return { list: known, initial };
}

/** A legal order: each write with its reads behind it, writes by the earliest moment at which they must have happened. */
function orderOf(list: readonly RegisterOperation[], initial: string): ReadonlyMap<string, number> {
  const blocks = new Map<string, RegisterOperation[]>();
  for (const one of list) {
    if (one.outcome === 'fail') continue;
    const block = blocks.get(one.value) ?? [];
    blocks.set(one.value, block);
    if (one.kind === 'write') block.unshift(one);
    else if (one.outcome === 'ok') block.push(one);
  }
  const isSeen = (block: readonly RegisterOperation[]): boolean =>
    block.some(({ kind, outcome }) => kind === 'read' || outcome === 'ok');
  const placed = [...blocks.entries()]
    .filter(([, block]) => isSeen(block))
    .map(([value, block]) => ({
      at:
        value === initial && block[0]?.kind === 'read'
          ? Number.NEGATIVE_INFINITY
          : Math.min(...block.map(({ returned }) => returned)),
      block: [
        ...block.filter(({ kind }) => kind === 'write'),
        ...block.filter(({ kind }) => kind === 'read').sort((a, b) => a.called - b.called),
      ],
    }))
    .sort((a, b) => a.at - b.at);
  const order = new Map<string, number>();
  for (const { block } of placed) for (const { id } of block) order.set(id, order.size + 1);
  return order;
}

export function projectOperations(past: PastPicture, wantedKey: string | null): OperationModel {
  const history = makeHistory();
  for (const event of past.events) addToHistory(history, event);
  const { operations } = history;
  const byKey = new Map<string, HistoryOperation[]>();
  for (const one of operations) {
    const known = byKey.get(one.key);
    if (known === undefined) byKey.set(one.key, [one]);
    else known.push(one);
  }
  const keys = [...byKey]
    .filter(([, own]) => own.some(isRegisterAccess))
    .map(([name]) => name)
    .sort();
  const key = wantedKey !== null && keys.includes(wantedKey) ? wantedKey : null;
  const judged = keys.map((one) => {
    const register = registerOf((byKey.get(one) ?? []).filter(({ served }) => served === null));
    return { key: one, ...register, fault: checkRegister(register.list, register.initial) };
  });
  const own = judged.find((one) => one.key === key);
  const fault = own?.fault ?? null;
  const order =
    own === undefined || fault !== null ? new Map<string, number>() : orderOf(own.list, own.initial);
  const shown = own === undefined ? judged : [own];
  const faulty = new Set(shown.flatMap((one) => one.fault?.operations.map(({ id }) => id) ?? []));
  const outcomes = { ok: 0, error: 0, unknown: 0, open: 0 };
  const bars = operations.map((one): OperationBar => {
    outcomes[one.outcome]++;
    const id = idOf(one);
    return {
      id,
      client: one.client,
      call: one.call,
      operation: one.operation,
      key: one.key,
      value: one.value,
      from: one.calledAt,
      to: one.returnedAt < 0 ? past.to : one.returnedAt,
      outcome: one.outcome,
      place: order.get(id) ?? null,
      isFault: faulty.has(id),
    };
  });
  return {
    from: past.from,
    to: past.to,
    clients: [...new Set(operations.map(({ client }) => client))].sort(),
    bars,
    keys,
    key,
    faultyKeys: judged.flatMap((one) => (one.fault === null ? [] : [one.key])),
    fault: fault?.reason ?? null,
    outcomes,
  };
}
