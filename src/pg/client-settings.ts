// Parameters that concern the protocol's edge: what a client is sent at its start, and what it sets for itself. The lab has one
// encoding, style of dates and time zone; setting them to what they are is accepted, to anything else is refused. Those of the
// engine (statement_timeout …) are asked of it.

import { SERVER_VERSION } from '../core/sql/catalog-functions.ts';
import { DEFAULT_SETTINGS } from '../core/sql/settings.ts';

export interface ClientSetting {
  readonly value: string;
  /** True: the client is sent it at its start, and of each change. */
  readonly isReported: boolean;
  /** SET gives it several values. */
  readonly isList?: true;
  /** Reads a value that SET gives; null: refused (22023). Absent: it cannot be set (55P02). */
  readonly read?: (text: string) => string | null;
}

const fixed = (value: string, isReported = false): ClientSetting => ({ value, isReported });
const only = (value: string, pattern: RegExp, isReported = false): ClientSetting => ({
  value,
  isReported,
  read: (text) => (pattern.test(text.trim()) ? value : null),
});
/** Changes nothing here: whatever is said is given back. */
const free = (value: string): ClientSetting => ({ value, isReported: false, read: (text) => text });

export const CLIENT_SETTINGS: Readonly<Record<string, ClientSetting>> = {
  server_version: fixed(SERVER_VERSION, true),
  server_version_num: fixed('150000'),
  server_encoding: fixed('UTF8', true),
  client_encoding: only('UTF8', /^(?:utf-?8|unicode|sql_ascii)$/i, true),
  datestyle: only('ISO, MDY', /^iso\b/i, true),
  timezone: only('UTC', /^(?:utc|gmt|etc\/utc|z|zulu|universal|0|localtime|default)$/i, true),
  intervalstyle: only('postgres', /^postgres$/i, true),
  integer_datetimes: fixed('on', true),
  standard_conforming_strings: only('on', /^(?:on|true|yes|1)$/i, true),
  is_superuser: fixed('on', true),
  session_authorization: fixed('postgres', true),
  in_hot_standby: fixed('off', true),
  search_path: {
    value: DEFAULT_SETTINGS.searchPath,
    isReported: false,
    isList: true,
    read: (text) => (/\*\/|\n/.test(text) ? null : text),
  },
  bytea_output: only('hex', /^hex$/i),
  extra_float_digits: free('1'),
  client_min_messages: free('notice'),
  synchronous_commit: free('on'),
  row_security: free('on'),
  check_function_bodies: free('on'),
  default_table_access_method: free('heap'),
  default_tablespace: free(''),
  xmloption: free('content'),
  idle_in_transaction_session_timeout: free('0'),
  idle_session_timeout: free('0'),
  max_identifier_length: fixed('63'),
  max_index_keys: fixed('32'),
  lc_collate: fixed('C'),
  lc_ctype: fixed('C'),
  jit: free('off'),
  geqo: free('off'),
  quote_all_identifiers: free('off'),
  plan_cache_mode: free('auto'),
};

/** Spelled as PostgreSQL reports it. */
const SPELLED: Readonly<Record<string, string>> = {
  datestyle: 'DateStyle',
  timezone: 'TimeZone',
  intervalstyle: 'IntervalStyle',
};
export const spelled = (name: string): string => SPELLED[name] ?? name;

export const settingOf = (name: string): ClientSetting | null => {
  const key = name.toLowerCase();
  return Object.hasOwn(CLIENT_SETTINGS, key) ? (CLIENT_SETTINGS[key] ?? null) : null;
};
