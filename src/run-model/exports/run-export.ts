// What a run leaves for other tools: its trace as JSON lines, its operation history as Jepsen-style EDN (invoke, ok,
// fail, info; the nemesis is a process too) and as call/return JSON in the manner of Porcupine, with faults.

import type { Time } from '../../base/ids.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import { accessesOf, addToHistory, type HistoryOperation, makeHistory } from '../../sim/checks/history.ts';
import type { TracedEvent } from '../../sim/types.ts';

export type ExportKind = 'trace' | 'edn' | 'history';

export interface RunExport {
  add(events: readonly TracedEvent[]): void;
  /** The whole text, once the run has been played. */
  finish(): string;
}

export interface ExportHead {
  readonly engine: string;
  readonly preset: string;
  readonly seed: number;
}

export const traceLine = ({ at, node, ordinal, causeNode, causeOrdinal, event }: TracedEvent): string =>
  JSON.stringify({ at, node, ordinal, causeNode, causeOrdinal, ...event });

export const traceHead = (head: ExportHead): string =>
  JSON.stringify({ format: 'postdb-trace', version: 1, timeUnit: 'us', ...head });

function traceExport(head: ExportHead): RunExport {
  const lines = [traceHead(head)];
  return {
    add(events) {
      for (const event of events) lines.push(traceLine(event));
    },
    finish: () => `${lines.join('\n')}\n`,
  };
}

interface Fault {
  readonly at: Time;
  readonly action: string;
  readonly text: string;
  readonly isEnd: boolean;
}

type WorldAction = Extract<TraceEvent, { kind: 'world.action' }>;

/** Tape actions that changed something and are not the clients' own. */
const isNemesis = (event: TraceEvent): event is WorldAction =>
  event.kind === 'world.action' && event.hadEffect && !/^(?:sql|cancel|workload|pad)/.test(event.action);

/** EDN writes text as JSON does. */
const ednText = (text: string): string => JSON.stringify(text);

/** Of lists as Elle's list-append has it: `[[:append key mark] …]`, `[[:r key [mark …]]]`. */
function ednLists({ operation, key, value, read, outcome }: HistoryOperation, isCall: boolean): string {
  if (operation === 'append')
    return `[${key
      .split(' ')
      .map((list) => `[:append ${ednText(list)} ${ednText(value)}]`)
      .join(' ')}]`;
  const marks = isCall || outcome !== 'ok' ? 'nil' : `[${read.map(ednText).join(' ')}]`;
  return `[[:r ${ednText(key)} ${marks}]]`;
}

/** `[key value]`; of a transaction of several accesses `[[:r key value] [:w key value]]`, as Elle reads it (VLDB 2020). */
function ednValue(one: HistoryOperation, isCall: boolean): string {
  const textOf = (value: string | null, isRead: boolean): string =>
    value === null || value === '' || (isCall && isRead) ? 'nil' : ednText(value);
  if (one.operation === 'append' || one.operation === 'list') return ednLists(one, isCall);
  if (one.operation !== 'txn') return `[${ednText(one.key)} ${textOf(one.value, one.operation === 'read')}]`;
  const accesses = accessesOf(one) ?? [];
  return `[${accesses
    .map(({ kind, key, value }) => `[:${kind} ${ednText(key)} ${textOf(value, kind === 'r')}]`)
    .join(' ')}]`;
}

/** Who served a read, and how: of a reader's nobody claims that it is the newest (READ-41, READ-42). */
const ednServed = ({ served, node }: HistoryOperation): string =>
  `${node === undefined ? '' : `, :node ${ednText(node)}`}${
    served === null ? '' : `, :read-point ${served.readPoint}, :level :${served.level}`
  }`;

/** What the history of Jepsen calls the end of an operation; `info` where it, or what it read, is not known. */
function typeOfEnd(one: HistoryOperation): 'ok' | 'fail' | 'info' {
  if (one.outcome === 'error') return 'fail';
  if (one.outcome !== 'ok') return 'info';
  return accessesOf(one)?.some(({ value }) => value === null) ? 'info' : 'ok';
}

/**
 * A process for each operation: one of its client's that has none outstanding, else a new one. An operation that ends as
 * `:info` may still take effect at any time, so its process is never used again.
 */
function processesOf(operations: readonly HistoryOperation[]): readonly number[] {
  const clients = new Map<string, { readonly process: number; freeFrom: number }[]>();
  let processes = 0;
  return operations.map((one) => {
    const own = clients.get(one.client) ?? [];
    clients.set(one.client, own);
    let free = own.find(({ freeFrom }) => freeFrom < one.called);
    if (free === undefined) {
      free = { process: processes++, freeFrom: 0 };
      own.push(free);
    }
    free.freeFrom = typeOfEnd(one) === 'info' ? Number.POSITIVE_INFINITY : one.returned;
    return free.process;
  });
}

/** Calls and returns in the run's order; what was forgotten ends there as `:info`, what stays open at the end of all. */
export function ednLines(operations: readonly HistoryOperation[], faults: readonly Fault[]): string[] {
  const processes = processesOf(operations);
  const rows: { readonly at: number; readonly order: number; readonly body: string }[] = [];
  const open: string[] = [];
  operations.forEach((one, i) => {
    const body = (type: string): string =>
      `:process ${processes[i]}, :type :${type}, :f :${one.operation}, :value ${ednValue(one, type === 'invoke')}`;
    rows.push({ at: one.calledAt, order: one.called, body: body('invoke') });
    if (one.returnedAt >= 0)
      rows.push({
        at: one.returnedAt,
        order: one.returned,
        body: `${body(typeOfEnd(one))}${ednServed(one)}`,
      });
    else if (one.lostAt >= 0) rows.push({ at: one.lostAt, order: one.lost, body: body('info') });
    else open.push(body('info'));
  });
  const last = rows.reduce((most, { order }) => Math.max(most, order), 0);
  faults.forEach(({ at, action, text, isEnd }, i) => {
    const before = rows.reduce((most, row) => (row.at <= at ? Math.max(most, row.order) : most), 0);
    const f = isEnd ? `${action}-end` : action;
    rows.push({
      at,
      order: before + i / (last + faults.length + 1),
      body: `:process :nemesis, :type :info, :f :${f}, :value ${ednText(text)}`,
    });
  });
  rows.sort((a, b) => a.order - b.order || a.at - b.at);
  const at = rows.at(-1)?.at ?? 0;
  for (const body of open) rows.push({ at, order: last + 1, body });
  return rows.map(({ at, body }, index) => `{:index ${index}, :time ${at * 1000}, ${body}}`);
}

function historyExport(head: ExportHead, kind: 'edn' | 'history'): RunExport {
  const history = makeHistory();
  const faults: Fault[] = [];
  return {
    add(events) {
      for (const traced of events) {
        addToHistory(history, traced);
        const { event, at } = traced;
        if (isNemesis(event))
          faults.push({ at, action: event.action, text: event.text, isEnd: event.isUndo });
      }
    },
    finish() {
      if (kind === 'edn') return `${ednLines(history.operations, faults).join('\n')}\n`;
      const operations = history.operations.map((one) => ({
        client: one.client,
        operation: one.operation,
        key: one.key,
        value: one.value,
        ...(one.operation === 'txn' ? { accesses: accessesOf(one) } : {}),
        call: one.called,
        callTime: one.calledAt,
        return: Number.isFinite(one.returned) ? one.returned : null,
        returnTime: one.returnedAt < 0 ? null : one.returnedAt,
        outcome: one.outcome === 'open' ? 'unknown' : one.outcome,
        ...(one.scn < 0 ? {} : { scn: one.scn }),
        ...(one.node === undefined ? {} : { node: one.node }),
        ...(one.served === null ? {} : { served: one.served }),
      }));
      return `${JSON.stringify({ format: 'postdb-history', version: 1, timeUnit: 'us', ...head, operations, faults }, null, 1)}\n`;
    },
  };
}

export const makeRunExport = (kind: ExportKind, head: ExportHead): RunExport =>
  kind === 'trace' ? traceExport(head) : historyExport(head, kind);
