// Requests in a cluster whose tables are cut into tablets (docs/spec/pcs.md PCS-51 to PCS-55, PCS-85): the driver reads which tablets
// a request touches, sends it to the primary of their group with what its map says of that, and follows refusals. A transaction
// stays in one group: what would touch a second is refused by name before anything is done, and the transaction has failed, as after
// any error. BEGIN waits for the first statement that goes to a primary. Definitions go to the metadata.

import type { NodeId } from '../../base/ids.ts';
import type { StatementResult, StatementTree } from '../kernel/client-calls.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { pageKey } from '../page/page-key.ts';
import type { Routing } from '../placement/route-request.ts';
import { groupOfKey, type ShardGroup } from '../placement/shard-map.ts';
import type { Value } from '../sql/access.ts';
import type { AnalyseResult } from '../sql/analyse.ts';
import type { CreateTable } from '../sql/analyse-ddl.ts';
import { cutCatalog } from '../sql/cut-catalog.ts';
import { fail, IN_FAILED, SqlFailure } from '../sql/failure.ts';
import { analyseKept } from '../sql/kept-analyses.ts';
import { settingsIn } from '../sql/leading-notes.ts';
import { metadataTable } from '../sql/metadata-tables.ts';
import type { DropNames } from '../sql/plan-types.ts';
import { PUBLIC } from '../sql/relation-name.ts';
import { describeTable, tabletsFor } from '../sql/tablets.ts';
import { formatValue } from '../sql/text-form.ts';
import type { ShardCopy } from './driver-map.ts';
import type { Session, Work } from './driver-state.ts';
import { followed, gathererOf, LOST, type Transaction, tabletOfTransaction } from './driver-transaction.ts';

/** What a request is, by the definitions of one version. */
export type Bound = { readonly schemaVersion: number } & (
  | {
      readonly kind: 'tablet';
      /** First relation of its tablet; 0: it touches none. */
      readonly relation: number;
      readonly tables: readonly { readonly id: number; readonly version: number }[];
      /** The first key of the tablet that it names, in text form; empty: none. */
      readonly key: string;
      /** It is COMMIT and nothing else. */
      readonly isCommit: boolean;
      /** How this attempt looks for the primary; the group that it was sent by. */
      routing: Routing | null;
      group: ShardGroup | null;
      /** It waits for a newer map. */
      awaitsMap: boolean;
      /** Its tablet's group was asked for, in this attempt. */
      isMaking: boolean;
    }
  | {
      readonly kind: 'define';
      readonly order: Order;
      /** IF [NOT] EXISTS. */
      readonly isForgiving: boolean;
      /** That the statement gives to the index of its primary key; empty: none. */
      readonly keyName: string;
      reqId: number;
      /** The metadata has done it; the driver's own copy is to show it. */
      isDone: boolean;
    }
  /** It reads several groups: any compute node gathers it (PCS-97). `block`: as in its message. */
  | {
      readonly kind: 'gather';
      readonly block: 'none' | 'begin' | 'in';
      readonly isRepeatable: boolean;
      /** Each node that was asked, the last one last; any of them may still answer. */
      asked: readonly NodeId[];
    }
  /** Answered here. */
  | { readonly kind: 'local'; readonly results: readonly StatementResult[]; readonly block: Block }
);

type Order = Pick<MessageOf<'DefineTable'>, 'what' | 'name' | 'definition' | 'bounds'>;

/** `hold`: a BEGIN is kept until a statement has a key; `end`: the transaction that was only begun is over. */
type Block = 'none' | 'hold' | 'end';

interface Parts {
  /** With the first key of each that is named; null: none. */
  readonly relations: Map<number, Value>;
  readonly names: Set<string>;
  readonly kinds: string[];
  /** Text of the first statement. */
  readonly first: string;
  /** Nothing but rows of tables is read. */
  onlyReads: boolean;
}

const error = (sqlstate: string, message: string): StatementResult => ({
  kind: 'error',
  sqlstate,
  message,
  position: null,
});

/** What the request is by the newest definitions; a definition that was sent stays what it is. */
export function bindAgain(shards: ShardCopy, { session, request }: Work): void {
  leaveDropped(shards, session);
  const { bound, statements, params } = request;
  const isStill = bound?.kind === 'define' ? bound.reqId > 0 : bound?.schemaVersion === shards.schemaVersion;
  if (!isStill) request.bound = bindRequest(shards, session.transaction, statements, params);
}

/** The table of an open transaction is dropped: with it went the transaction. */
function leaveDropped({ tables }: ShardCopy, session: Session): void {
  const { transaction } = session;
  const tablet = tabletOfTransaction(transaction);
  if (tablet === null || transaction.kind !== 'open') return;
  if (tables.some(({ tablets }) => tablets.some(({ relation }) => relation === tablet))) return;
  session.transaction = followed(transaction, LOST, false);
}

/** Reads a request by the driver's copy. It says nothing of what the request will come to: who carries it out analyses it again. */
function bindRequest(
  shards: ShardCopy,
  transaction: Transaction,
  statements: readonly StatementTree[],
  params: readonly (string | null)[],
): Bound {
  const { schemaVersion } = shards;
  const local = (results: readonly StatementResult[], block: Block = 'none'): Bound => ({
    kind: 'local',
    schemaVersion,
    results,
    block,
  });
  const first = statements[0]?.text ?? '';
  const parts: Parts = { relations: new Map(), names: new Set(), kinds: [], first, onlyReads: true };
  const open = tabletOfTransaction(transaction);
  if (transaction.kind === 'failed') return inFailed(shards, open, statements, parts, local);
  for (const statement of statements) {
    const result = analyseFor(shards, statement, params);
    if (!result.ok) {
      // a transaction that is open somewhere fails there
      if (open !== null) return tabletBound(shards, open, parts);
      return local([{ kind: 'error', ...result.error }]);
    }
    const { analysed } = result;
    parts.kinds.push(analysed.kind);
    if (analysed.kind === 'vacuum' || analysed.kind === 'nothing' || analysed.kind === 'lockTable')
      return local([error('0A000', 'a statement over all tablets of a table is not supported')]);
    if (analysed.kind === 'prepare' || analysed.kind === 'endPrepared')
      return local([error('0A000', 'a prepared transaction beside tables that are cut is not supported')]);
    if (analysed.kind !== 'plan') continue;
    const { plan } = analysed;
    if (plan.kind === 'createTable' && plan.as !== undefined)
      return local([error('0A000', `${plan.as.command} beside tables that are cut is not supported`)]);
    if (plan.kind === 'createTable' || plan.kind === 'dropTable') {
      if (statements.length > 1 || transaction.kind !== 'none')
        return local([
          error('0A000', 'a definition stands outside of transactions and alone in its request'),
        ]);
      return defineBound(shards, plan) ?? local([error('0A000', 'one table at a time')]);
    }
    if (plan.kind === 'createIndex' || plan.kind === 'createView' || plan.kind === 'dropIndex')
      return local([
        error('0A000', 'a table that is cut has its primary key as its only index, and no views'),
      ]);
    if (plan.kind === 'createSequence' || plan.kind === 'alterSequence' || plan.kind === 'dropSequence')
      return local([error('0A000', 'a sequence beside tables that are cut is not supported')]);
    if (plan.kind === 'createSchema' && plan.name === PUBLIC && plan.ifNotExists && statements.length === 1)
      return local([{ kind: 'done', tag: 'CREATE SCHEMA' }]);
    if (plan.kind === 'createType' || plan.kind === 'dropType')
      return local([error('0A000', 'a type beside tables that are cut is not supported')]);
    if (plan.kind === 'createSchema' || plan.kind === 'dropSchema')
      return local([error('0A000', 'a schema beside public is not supported where tables are cut')]);
    if (plan.parts !== undefined)
      return local([
        error('0A000', 'a data-modifying statement in WITH beside tables that are cut is not supported'),
      ]);
    if (plan.kind === 'dropView' || plan.kind === 'truncate')
      return local([error('0A000', 'a statement over all tablets of a table is not supported')]);
    try {
      for (const [relation, key] of tabletsFor(analysed, params, shards.tables, open))
        parts.relations.set(relation, parts.relations.get(relation) ?? key);
    } catch (failure) {
      if (!(failure instanceof SqlFailure)) throw failure;
      const { sqlstate, message } = failure;
      return local([error(sqlstate, message)]);
    }
    if (analysed.writes || analysed.tables.some(({ metadata }) => metadata)) parts.onlyReads = false;
    for (const { name } of analysed.tables) parts.names.add(name);
  }
  return placeBound(shards, transaction, parts, local);
}

function placeBound(
  shards: ShardCopy,
  transaction: Transaction,
  parts: Parts,
  local: (results: readonly StatementResult[], block?: Block) => Bound,
): Bound {
  const { kinds } = parts;
  const isRead = kinds.length === 1 && kinds[0] === 'plan' && parts.onlyReads && parts.relations.size > 0;
  if (gathererOf(transaction) !== null) return inGathered(shards, kinds, isRead, local);
  const open = tabletOfTransaction(transaction);
  const isBegun = transaction.kind === 'open';
  const touched = new Set([...parts.relations.keys(), ...(open === null ? [] : [open])]);
  const [first, second] = touched;
  if (second !== undefined && isRead && !isBegun)
    return gatherBound(shards, transaction, parts) ?? local([error('0A000', ONE_GROUP_SERIALIZABLE)]);
  if (second !== undefined && first !== undefined) {
    const groups = `${nameOf(shards, first)} and ${nameOf(shards, second)}`;
    return local([error('0A000', `a transaction stays in one shard group; this one would touch ${groups}`)]);
  }
  if (first !== undefined) return tabletBound(shards, first, parts);
  const [kind] = kinds;
  if (kinds.length === 1 && kind === 'begin' && transaction.kind === 'none')
    return local([{ kind: 'done', tag: 'BEGIN' }], 'hold');
  if (kinds.length === 1 && transaction.kind === 'held' && (kind === 'commit' || kind === 'rollback'))
    return local([{ kind: 'done', tag: kind === 'commit' ? 'COMMIT' : 'ROLLBACK' }], 'end');
  return tabletBound(shards, 0, parts);
}

const ONE_GROUP_SERIALIZABLE = 'a serializable transaction stays in one shard group';

/** Of a statement that begins a transaction, or stands by itself; null: the transaction may not be gathered. */
function gatherBound(shards: ShardCopy, transaction: Transaction, { first }: Parts): Bound | null {
  const begun = transaction.kind === 'held' ? analyseFor(shards, transaction.begin, []) : null;
  const named = begun?.ok && begun.analysed.kind === 'begin' ? begun.analysed.isolation : null;
  const mode = named ?? settingsIn(transaction.kind === 'held' ? transaction.begin.text : first)?.isolation;
  if (mode === 'serializable') return null;
  const block = begun ? 'begin' : 'none';
  const { schemaVersion } = shards;
  return { kind: 'gather', schemaVersion, block, isRepeatable: mode === 'repeatable read', asked: [] };
}

/** A transaction that has read several groups goes on at the node that has its read points. */
function inGathered(
  { schemaVersion }: ShardCopy,
  [kind, ...others]: readonly string[],
  isRead: boolean,
  local: (results: readonly StatementResult[], block?: Block) => Bound,
): Bound {
  if (isRead) return { kind: 'gather', schemaVersion, block: 'in', isRepeatable: false, asked: [] };
  if (others.length === 0 && (kind === 'commit' || kind === 'rollback'))
    return local([{ kind: 'done', tag: kind === 'commit' ? 'COMMIT' : 'ROLLBACK' }], 'end');
  return local([
    error('0A000', 'a transaction that has read several shard groups reads tables and nothing else'),
  ]);
}

/** A transaction of which a statement has failed is ended, or goes on from a savepoint; all else is refused as PostgreSQL does. */
function inFailed(
  shards: ShardCopy,
  open: number | null,
  [statement, ...others]: readonly StatementTree[],
  parts: Parts,
  local: (results: readonly StatementResult[], block?: Block) => Bound,
): Bound {
  const result = statement && others.length === 0 ? analyseFor(shards, statement, []) : null;
  const kind = result?.ok ? result.analysed.kind : '';
  const isEnd = kind === 'commit' || kind === 'rollback';
  if (open !== null && (isEnd || kind === 'rollbackTo'))
    return tabletBound(shards, open, { ...parts, kinds: [kind] });
  if (isEnd) return local([{ kind: 'done', tag: 'ROLLBACK' }], 'end');
  return local([error('25P02', IN_FAILED)]);
}

/** The group of a tablet, or the tablet where it has none yet. */
function nameOf({ copy, tables }: ShardCopy, relation: number): string {
  const group = groupOfKey(copy.groups, pageKey(relation, 0, 0));
  const table = tables.find(({ tablets }) => tablets.some((one) => one.relation === relation));
  const at = table?.tablets.findIndex((one) => one.relation === relation) ?? -1;
  const tablet = `tablet ${at + 1} of "${table?.name ?? ''}"`;
  return group === null ? tablet : `${group.group} (${tablet})`;
}

const tabletBound = (
  { schemaVersion, tables }: ShardCopy,
  relation: number,
  { names, relations, kinds }: Parts,
): Bound => ({
  kind: 'tablet',
  schemaVersion,
  relation,
  tables: tables.flatMap(({ id, name, version }) => (names.has(name) ? [{ id, version }] : [])),
  key: formatValue(relations.get(relation) ?? null) ?? '',
  isCommit: kinds.length === 1 && kinds[0] === 'commit',
  routing: null,
  group: null,
  awaitsMap: false,
  isMaking: false,
});

function defineBound({ schemaVersion }: ShardCopy, plan: CreateTable | DropNames): Bound | null {
  const base = { kind: 'define', schemaVersion, reqId: 0, isDone: false } as const;
  if ('names' in plan) {
    const [name] = plan.names;
    if (name === undefined || plan.names.length > 1) return null;
    const order: Order = { what: 'drop', name, definition: '', bounds: [] };
    return { ...base, order, isForgiving: plan.ifExists, keyName: '' };
  }
  try {
    const keyName = plan.indexes[0]?.name ?? '';
    for (const name of [plan.name, keyName])
      if (metadataTable(name)) fail('42P07', `relation "${name}" already exists`);
    if (keyName === plan.name) fail('42P07', `relation "${keyName}" already exists`);
    const { definition, bounds } = describeTable(plan);
    const order: Order = { what: 'create', name: plan.name, definition, bounds: [...bounds] };
    return { ...base, order, isForgiving: plan.ifNotExists, keyName };
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    const { sqlstate, message } = failure;
    return { kind: 'local', schemaVersion, results: [error(sqlstate, message)], block: 'none' };
  }
}

/** By the tables that every node knows (PCS-85). */
const analyseFor = (
  { tables }: ShardCopy,
  { text, tree }: StatementTree,
  params: readonly (string | null)[],
): AnalyseResult =>
  analyseKept(text, tree, params, cutCatalog(tables.filter(({ state }) => state === 'active')));

/** A tablet that the group has; undefined: none that is known. */
export const tabletOf = ({ tables }: ShardCopy, group: ShardGroup): number | undefined =>
  tables
    .flatMap(({ tablets }) => tablets)
    .find(({ relation }) => groupOfKey([group], pageKey(relation, 0, 0)) !== null)?.relation;

/** Where a request that touches no tablet may go: any group that has a primary. */
export function anyGroup(shards: ShardCopy): ShardGroup | undefined {
  const led = shards.copy.groups.filter(({ leader }) => leader !== null);
  return led.find((group) => tabletOf(shards, group) !== undefined) ?? led[0];
}
