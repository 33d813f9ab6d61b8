// The transactions of a served cluster's clients, with what each surely read and wrote, in the form that the checkers of isolation and of
// registers take (src/sim/checks). What nobody can say for certain is left out, so that a fault that they find is one.

import type { StatementResult } from '../../core/kernel/client-calls.ts';
import { searchPathIn, settingsIn } from '../../core/sql/leading-notes.ts';
import { PUBLIC, readSearchPath } from '../../core/sql/relation-name.ts';
import { nodesOf, optionalNode, optionalText, type TreeNode } from '../../core/sql/tree.ts';
import { type Parse, readText } from '../../pg/statement-text.ts';
import type { Served } from '../../sim/checks/history.ts';
import type { Level, OwnRead, Transaction } from '../../sim/checks/isolation.ts';
import type { RegisterOperation } from '../../sim/checks/register-history.ts';
import type { ClientCall, ClientHistory } from './client-history.ts';
import { ABSENT, accessesOf, namesOfKey, type Seen, type Tables, tableOf } from './statement-accesses.ts';

interface Statement {
  readonly kind: 'r' | 'w';
  readonly seen: Seen;
  readonly call: ClientCall;
}

interface Open {
  readonly first: ClientCall;
  level: Level;
  readonly statements: Statement[];
  /** Statements that read or wrote rows. */
  count: number;
  /** Calls of it whose end nobody was answered, or that went back to a savepoint. */
  readonly doubtful: ClientCall[];
  hasFailed: boolean;
  /** It read more than one volume, or on a reader at a point of its own. */
  readAt: Served | null;
}

export interface ClientTransactions {
  readonly transactions: readonly Transaction[];
  /** By key, without those that cannot be judged. */
  readonly registers: ReadonlyMap<string, readonly RegisterOperation[]>;
  /** `table.column`, `table.*` or `*`, or one key: what cannot be judged. */
  readonly givenUp: ReadonlySet<string>;
}

interface Reading {
  readonly parse: Parse;
  readonly tables: Tables;
  readonly givenUp: Set<string>;
  readonly deleted: Set<string>;
  readonly transactions: (Transaction & { readonly statements: readonly Statement[] })[];
  readonly open: Map<string, Open>;
}

export function readTransactions(history: ClientHistory, parse: Parse): ClientTransactions {
  const reading: Reading = {
    parse,
    tables: new Map(),
    givenUp: new Set(),
    deleted: new Set(),
    transactions: [],
    open: new Map(),
  };
  for (const call of history.calls) readTables(reading, call);
  for (const call of history.calls) readCall(reading, call);
  for (const open of reading.open.values()) end(reading, open, null);
  const isGivenUp = (key: string): boolean => namesOfKey(key).some((name) => reading.givenUp.has(name));
  // Who tries again writes the same once more.
  const kept = new Set(
    reading.transactions.flatMap(({ outcome, writes }) => (outcome === 'fail' ? [] : writes.map(nameOf))),
  );
  const transactions = reading.transactions.map((one) => ({
    ...one,
    reads: one.reads.filter(
      ({ key, value }) => !isGivenUp(key) && !(value === ABSENT && reading.deleted.has(key)),
    ),
    writes: one.writes.filter(
      (seen) => !isGivenUp(seen.key) && !(one.outcome === 'fail' && kept.has(nameOf(seen))),
    ),
    ownReads: one.ownReads.filter(({ key }) => !isGivenUp(key)),
  }));
  const registers = registersOf(reading, isGivenUp);
  return { transactions, registers, givenUp: reading.givenUp };
}

const nameOf = ({ key, value }: Seen): string => `${key}\n${value}`;

const pathOf = (text: string): readonly string[] => readSearchPath(searchPathIn(text) ?? PUBLIC);

/** What tables there are, of the whole run: a name that two were made of, or that was altered, is none that can be judged. */
function readTables({ parse, tables }: Reading, { text, result }: ClientCall): void {
  const read = readText(parse, text);
  if (!read.ok) return;
  read.statements.forEach(({ node }, i) => {
    if (node.tag !== 'CreateStmt' || result?.statements[i]?.kind === 'error') return;
    const [name, table] = tableOf(pathOf(text), node.fields);
    tables.set(name, tables.has(name) ? null : table);
  });
}

const LEVELS: readonly Level[] = ['read committed', 'repeatable read', 'serializable'];

function levelIn(nodes: readonly TreeNode[]): Level | null {
  for (const { fields } of nodes) {
    const value =
      optionalText(fields, 'defname') === 'transaction_isolation' ? optionalNode(fields, 'arg') : null;
    const text = value === null ? null : JSON.stringify(value.fields);
    const found = LEVELS.find((level) => text?.includes(`"${level}"`));
    if (found !== undefined) return found;
  }
  return null;
}

function readCall(reading: Reading, call: ClientCall): void {
  const read = readText(reading.parse, call.text);
  if (!read.ok) return;
  const { session, result } = call;
  const { statements } = read;
  const results = result?.statements ?? [];
  const isFailed = result !== null && result.outcome !== 'unknown' && results.at(-1)?.kind === 'error';
  const commits = statements.filter(({ node }) => kindOf(node) === 'TRANS_STMT_COMMIT').length;
  const isOne = commits + (commits === 0 ? 1 : 0) === 1;
  const scn = isOne && result !== null && result.scn >= 0 ? result.scn : null;
  let own = reading.open.has(session) ? null : begin(call);
  for (const [i, { node }] of statements.entries()) {
    const answer = results[i] ?? null;
    const open = reading.open.get(session) ?? own;
    if (open === null) own = begin(call);
    const at = open ?? (own as Open);
    switch (kindOf(node)) {
      case 'TRANS_STMT_BEGIN':
      case 'TRANS_STMT_START':
        if (answer?.kind === 'error') break;
        at.level = levelIn(nodesOf(node.fields, 'options')) ?? at.level;
        reading.open.set(session, at);
        own = null;
        break;
      case 'TRANS_STMT_COMMIT':
      case 'TRANS_STMT_ROLLBACK':
        reading.open.delete(session);
        end(reading, at, { call, answer, isCommit: kindOf(node) === 'TRANS_STMT_COMMIT', scn });
        own = null;
        break;
      default:
        take(reading, at, node, call, answer, isFailed);
    }
  }
  if (own !== null && !reading.open.has(session)) {
    if (isFailed) own.hasFailed = true;
    end(reading, own, { call, answer: results.at(-1) ?? null, isCommit: true, scn });
  }
}

const kindOf = ({ tag, fields }: TreeNode): string | null =>
  tag === 'TransactionStmt' ? optionalText(fields, 'kind') : null;

const begin = (call: ClientCall): Open => ({
  first: call,
  level: settingsIn(call.text)?.isolation ?? 'read committed',
  statements: [],
  count: 0,
  doubtful: [],
  hasFailed: false,
  readAt: null,
});

function take(
  reading: Reading,
  open: Open,
  node: TreeNode,
  call: ClientCall,
  answer: StatementResult | null,
  isFailed: boolean,
): void {
  const { tag, fields } = node;
  // Back to a savepoint: which of its writes are left is not followed.
  if (tag === 'TransactionStmt') open.doubtful.push(call);
  if (tag === 'VariableSetStmt') {
    const name = optionalText(fields, 'name') ?? '';
    const level = levelIn(nodesOf(fields, 'args'));
    if (name === 'TRANSACTION' && level !== null) open.level = level;
  }
  if (isFailed) open.hasFailed = true;
  else if (answer === null || answer.kind === 'error') open.doubtful.push(call);
  const { reads, writes, deleted, givenUp } = accessesOf(
    reading.tables,
    node,
    call.params,
    answer,
    pathOf(call.text),
  );
  const isDone = answer !== null && answer.kind !== 'error';
  if (!isFailed) for (const name of givenUp) reading.givenUp.add(name);
  if (!isFailed) for (const key of deleted) reading.deleted.add(key);
  if (isDone) for (const seen of reads) open.statements.push({ kind: 'r', seen, call });
  for (const seen of writes) open.statements.push({ kind: 'w', seen, call });
  if (reads.length + writes.length > 0) open.count++;
  open.readAt = servedOf(call) ?? open.readAt;
}

/** A read of several volumes is of points that may lie behind what others have seen. */
function servedOf({ served, result }: ClientCall): Served | null {
  if (served !== null) return served;
  return result?.readAt === undefined ? null : { node: result.readAt.node, readPoint: -1, level: 'eventual' };
}

interface End {
  readonly call: ClientCall;
  readonly answer: StatementResult | null;
  readonly isCommit: boolean;
  readonly scn: number | null;
}

/** `how`: null where its session ended, or the run, before it did. */
function end(reading: Reading, open: Open, how: End | null): void {
  const { first, statements } = open;
  if (statements.length === 0) return;
  // A text that begins and ends it is done whole or not at all.
  const isUncertain = open.doubtful.some((call) => call !== how?.call);
  const outcome = outcomeOf(open, how, isUncertain);
  if (outcome === 'unknown' && isUncertain) {
    // What its writes came to nobody knows.
    for (const { kind, seen } of statements) if (kind === 'w') reading.givenUp.add(seen.key);
  }
  const { era } = first;
  const keepsScn = outcome === 'ok' && how !== null && how.call.eraReturned === era;
  const isSnapshot = open.count === 1 && statements.every(({ kind }) => kind === 'r');
  reading.transactions.push({
    id: `${first.session}@${first.calledUs / 1000}`,
    client: `${first.driver}/${first.session}`,
    called: first.called,
    returned: outcome === 'ok' ? (how?.call.returned ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
    calledAt: first.calledUs,
    outcome,
    scn: keepsScn ? how.scn : null,
    era,
    ...accesses(statements),
    served: open.readAt,
    level: levelOf(open, isSnapshot),
    statements,
  });
}

/** One statement that only reads has one snapshot, unless it is gathered from several volumes. */
function levelOf({ level, readAt }: Open, isSnapshot: boolean): Level {
  if (readAt?.readPoint === -1) return 'read committed';
  return isSnapshot && level === 'read committed' ? 'repeatable read' : level;
}

/** Reads of what others wrote, writes, and reads of what it had written itself, in their order. */
function accesses(statements: readonly Statement[]): Pick<Transaction, 'reads' | 'writes' | 'ownReads'> {
  const written = new Map<string, string>();
  const reads: Seen[] = [];
  const writes: Seen[] = [];
  const ownReads: OwnRead[] = [];
  for (const { kind, seen } of statements) {
    const wrote = written.get(seen.key);
    if (kind === 'w') {
      written.set(seen.key, seen.value);
      writes.push(seen);
    } else if (wrote === undefined) reads.push(seen);
    else ownReads.push({ ...seen, wrote });
  }
  return { reads, writes, ownReads };
}

function outcomeOf({ hasFailed }: Open, how: End | null, isUncertain: boolean): Transaction['outcome'] {
  if (how === null || !how.isCommit || hasFailed) return 'fail';
  const { answer, call } = how;
  if (call.result === null || call.result.outcome === 'unknown') return 'unknown';
  if (answer?.kind === 'error') return 'fail';
  if (answer?.kind === 'done' && answer.tag === 'ROLLBACK') return 'fail';
  return isUncertain ? 'unknown' : 'ok';
}

/** Per key, what single statements saw and transactions wrote: each value once, and no row that came and went. */
function registersOf(
  { transactions, deleted }: Reading,
  isGivenUp: (key: string) => boolean,
): Map<string, RegisterOperation[]> {
  const byKey = new Map<string, RegisterOperation[]>();
  const values = new Map<string, Set<string>>();
  const twice = new Set<string>();
  for (const { id, outcome, returned, served, statements, level } of transactions) {
    const wrote = new Set<string>();
    for (const { kind, seen, call } of statements) {
      const { key, value } = seen;
      if (isGivenUp(key) || deleted.has(key)) continue;
      if (kind === 'w') {
        const known = values.get(key) ?? new Set();
        values.set(key, known);
        // Only the last of its writes is one that others may see.
        if (outcome !== 'fail' && (wrote.has(key) || known.has(value))) twice.add(key);
        if (outcome !== 'fail') known.add(value);
        wrote.add(key);
      }
      // What a snapshot shows may be older than the statement that reads it.
      const isShown =
        kind === 'w' ||
        (served === null &&
          outcome === 'ok' &&
          !wrote.has(key) &&
          (level === 'read committed' || statements.every((one) => one.call === call)));
      if (!isShown) continue;
      const list = byKey.get(key) ?? [];
      byKey.set(key, list);
      list.push({
        kind: kind === 'w' ? 'write' : 'read',
        value,
        called: call.called,
        returned: kind === 'w' ? returned : call.returned,
        outcome,
        id,
      });
    }
  }
  for (const key of twice) byKey.delete(key);
  return byKey;
}
