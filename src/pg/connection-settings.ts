// What a connection has set, as a session of PostgreSQL keeps it: SET is undone with its transaction block or savepoint, SET LOCAL ends with
// the block, RESET goes back to what the start-up said. What a node has to know of it goes before each statement (leading-notes.ts).

import type { StatementResult } from '../core/kernel/client-calls.ts';
import { fail } from '../core/sql/failure.ts';
import { noteOf, type SaidSetting } from '../core/sql/leading-notes.ts';
import { DEFAULT_SETTINGS } from '../core/sql/settings.ts';
import { optionalText, type TreeNode } from '../core/sql/tree.ts';
import { sendParameter } from './backend.ts';
import {
  allSettings,
  type ClientSetting,
  reportedSettings,
  settingKey,
  settingOf,
} from './client-settings.ts';
import type { Connection } from './connection.ts';
import type { Notification } from './notifications.ts';

/** Values by names in small letters. */
type Values = ReadonlyMap<string, string>;

interface Level {
  readonly name: string;
  readonly session: Values;
  readonly local: Values;
  readonly notifies: number;
  readonly drops: number;
}

export interface ConnectionSettings {
  /** Of the start-up. */
  readonly defaults: Map<string, string>;
  session: Map<string, string>;
  /** Of SET LOCAL, to the end of the block. */
  local: Map<string, string>;
  /** As it was before the block, and before each of its savepoints; null: in no block. */
  block: { readonly before: Values; readonly savepoints: Level[] } | null;
  /** Of a program's own, those that it has named once. */
  readonly named: Set<string>;
  /** What the client was told last of those that are reported. */
  readonly told: Map<string, string>;
  /** NOTIFY, to be sent once the transaction is committed. */
  readonly notifies: Notification[];
  /** Temporary tables of ON COMMIT DROP that this transaction has made (temporary.ts). */
  readonly drops: string[];
}

export const makeConnectionSettings = (): ConnectionSettings => ({
  defaults: new Map(),
  session: new Map(),
  local: new Map(),
  block: null,
  named: new Set(),
  told: new Map(),
  notifies: [],
  drops: [],
});

/** The setting of this name. Throws 42704. */
export const findSetting = ({ settings }: Connection, name: string): ClientSetting =>
  settingOf(name, settings.named.has(settingKey(name))) ?? unknown(name);

/** To be set: one of a program's own is there from then on. */
export function settingToSet(
  { settings }: Connection,
  name: string,
): ClientSetting & Required<Pick<ClientSetting, 'read'>> {
  const setting = settingOf(name, true) ?? unknown(name);
  const { read } = setting;
  if (read === undefined) return fail('55P02', `parameter "${setting.name}" cannot be changed`);
  settings.named.add(settingKey(name));
  return { ...setting, read };
}

const unknown = (name: string): never => fail('42704', `unrecognized configuration parameter "${name}"`);

/** The value in this session, as SHOW gives it. */
export function settingValue({ settings, user }: Connection, { key, value }: ClientSetting): string {
  const set = settings.local.get(key) ?? settings.session.get(key) ?? settings.defaults.get(key);
  return set ?? (key === 'session_authorization' ? user : value);
}

export const namedValue = (connection: Connection, name: string): string =>
  settingValue(connection, findSetting(connection, name));

/** `values` null: back to what it began with. The value that it has now, or of SET LOCAL would have. Throws what is wrong with them. */
export function changeSetting(
  connection: Connection,
  name: string,
  values: readonly string[] | null,
  isLocal: boolean,
): string {
  const { settings } = connection;
  const key = settingKey(name);
  const setting = settingToSet(connection, name);
  const value = values === null ? (settings.defaults.get(key) ?? null) : setting.read(values);
  if (isLocal) {
    if (settings.block !== null) settings.local.set(key, value ?? setting.value);
    return value ?? setting.value;
  }
  settings.local.delete(key);
  if (value === null || (values === null && settings.defaults.has(key))) settings.session.delete(key);
  else settings.session.set(key, value);
  return settingValue(connection, setting);
}

export function resetSettings({ settings }: Connection): void {
  settings.session.clear();
  settings.local.clear();
}

/** A request of these statements was answered; the results end with the first error, and the connection's state is that behind them. */
export function followBlock(
  { settings, status }: Connection,
  nodes: readonly TreeNode[],
  results: readonly StatementResult[],
): void {
  if (status !== 'I') settings.block ??= { before: new Map(settings.session), savepoints: [] };
  const { block } = settings;
  if (block === null) return;
  results.forEach((result, i) => {
    const node = nodes[i];
    if (node?.tag === 'TransactionStmt' && result.kind === 'done')
      followSavepoint(settings, block.savepoints, node);
  });
  if (status !== 'I') return;
  settings.drops.length = 0;
  const last = results.at(-1);
  if (last?.kind !== 'done' || last.tag === 'ROLLBACK') {
    settings.session = new Map(block.before);
    settings.notifies.length = 0;
  }
  settings.local = new Map();
  settings.block = null;
}

function followSavepoint(settings: ConnectionSettings, savepoints: Level[], { fields }: TreeNode): void {
  const name = optionalText(fields, 'savepoint_name') ?? '';
  const at = savepoints.findLastIndex((one) => one.name === name);
  const level = savepoints[at];
  switch (optionalText(fields, 'kind')) {
    case 'TRANS_STMT_SAVEPOINT':
      savepoints.push({
        name,
        session: new Map(settings.session),
        local: new Map(settings.local),
        notifies: settings.notifies.length,
        drops: settings.drops.length,
      });
      break;
    case 'TRANS_STMT_RELEASE':
      if (level) savepoints.length = at;
      break;
    case 'TRANS_STMT_ROLLBACK_TO':
      if (!level) break;
      savepoints.length = at + 1;
      settings.session = new Map(level.session);
      settings.local = new Map(level.local);
      settings.notifies.length = level.notifies;
      settings.drops.length = level.drops;
      break;
  }
}

/** What is reported and is another than the client was told: before each ReadyForQuery, as PostgreSQL does. */
export function reportSettings(connection: Connection): void {
  const { told } = connection.settings;
  for (const setting of reportedSettings) {
    const value = settingValue(connection, setting);
    if (told.get(setting.name) === value) continue;
    told.set(setting.name, value);
    sendParameter(connection.out, setting.name, value);
  }
}

const SAID: readonly SaidSetting[] = [
  'statement_timeout',
  'lock_timeout',
  'default_transaction_isolation',
  'default_transaction_read_only',
];

/** What leads a statement to the schemas of the connection's search path; none where they are the usual ones. */
export function pathNote(connection: Connection): string {
  const own = namedValue(connection, 'search_path');
  const path = connection.hasTemporary ? `pg_temp_${connection.processId}, ${own}` : own;
  return path === DEFAULT_SETTINGS.searchPath ? '' : noteOf('search_path', path);
}

/** What is set of timeouts and of what transactions begin with. */
export function settingNotes(connection: Connection): string {
  const { settings } = connection;
  if (settings.session.size === 0 && settings.local.size === 0 && settings.defaults.size === 0) return '';
  return SAID.map((name) => {
    const setting = findSetting(connection, name);
    const value = settingValue(connection, setting);
    return value === setting.value ? '' : noteOf(name, value);
  }).join('');
}

/** Rows of SHOW ALL. */
export const shownSettings = (connection: Connection): readonly (readonly [name: string, value: string])[] =>
  allSettings.map((setting) => [setting.name, settingValue(connection, setting)]);
