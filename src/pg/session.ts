// The life of a connection: start-up, then one message after the other, until it ends. Trust is the only way of authentication,
// because the address is one of the machine itself.

import { fail, SqlFailure } from '../core/sql/failure.ts';
import {
  type Report,
  sendAuthenticationOk,
  sendKeyData,
  sendNegotiateVersion,
  sendNo,
  sendReady,
  sendReport,
} from './backend.ts';
import { isForeignZone, namesIn, settingKey } from './client-settings.ts';
import {
  type Connection,
  fatal,
  makeConnection,
  nextMessage,
  notice,
  open,
  type Steps,
} from './connection.ts';
import { reportSettings, settingToSet } from './connection-settings.ts';
import { endBatch, extendedMessage } from './extended-query.ts';
import { isTerminate, nextFrame } from './frames.ts';
import { readStartup, type StartupMessage } from './frontend.ts';
import { simpleQuery } from './simple-query.ts';
import type { Parse } from './statement-text.ts';

/** A connection that nobody has sent anything on yet. `parse`: the edge's parser. */
export const openConnection = (parse: Parse): Connection => makeConnection(parse, serve);

function* serve(connection: Connection): Steps {
  const start = yield* startup(connection);
  if (start === null || !(yield* admit(connection, start.parameters))) return;
  connection.isStartup = false;
  for (;;) {
    const message = yield* nextMessage(connection);
    if (message === null || message.kind === 'terminate') return;
    switch (message.kind) {
      case 'query':
        yield* simpleQuery(connection, message.text);
        break;
      case 'sync':
        yield* endBatch(connection);
        break;
      case 'flush':
      case 'copyData':
      case 'copyDone':
      case 'copyFail':
        break; // what comes behind a COPY that has failed is passed over
      default:
        if (!(yield* extendedMessage(connection, message)) && !(yield* skipToSync(connection))) return;
    }
  }
}

/** After an error every message is passed over up to the next Sync; false: the connection is over. */
function* skipToSync(connection: Connection): Steps<boolean> {
  for (;;) {
    const message = yield* nextMessage(connection);
    if (message === null || message.kind === 'terminate') return false;
    if (message.kind !== 'sync') continue;
    yield* endBatch(connection);
    return true;
  }
}

type Start = Extract<StartupMessage, { kind: 'start' }>;

/** The client's start message; null: it only cancelled, or spoke something else. */
function* startup(connection: Connection): Steps<Start | null> {
  for (let asked = 0; asked < 3; ) {
    if (isTerminate(connection.input)) return null;
    const frame = nextFrame(connection.input, true);
    if (frame === 'unfinished') {
      yield 'bytes';
      continue;
    }
    const message = 'error' in frame ? null : readStartup(frame.body);
    if (message === null) break;
    switch (message.kind) {
      case 'ssl':
      case 'gss':
        asked++;
        sendNo(connection.out);
        break;
      case 'cancel':
        yield message;
        return null;
      case 'start':
        return message.major === 3 ? negotiated(connection, message) : refuseVersion(connection, message);
    }
  }
  fatal(connection, '08P01', 'invalid start-up message');
  return null;
}

function refuseVersion(connection: Connection, { major, minor }: Start): null {
  fatal(connection, '0A000', `unsupported frontend protocol ${major}.${minor}: server supports 3.0`);
  return null;
}

function negotiated({ out }: Connection, start: Start): Start {
  const unknown = [...start.parameters.keys()].filter((name) => name.startsWith('_pq_.'));
  if (start.minor > 0 || unknown.length > 0) sendNegotiateVersion(out, unknown);
  return start;
}

/** Tells the client that it is in, and what is set; false: it is refused. */
function* admit(connection: Connection, parameters: ReadonlyMap<string, string>): Steps<boolean> {
  const { out } = connection;
  const user = parameters.get('user');
  if (user === undefined || user === '') {
    fatal(connection, '28000', 'no PostgreSQL user name specified in startup packet');
    return false;
  }
  const database = parameters.get('database') ?? user;
  const program = parameters.get('application_name') ?? '';
  if (parameters.get('replication') !== undefined && parameters.get('replication') !== 'false') {
    fatal(connection, '0A000', 'replication connections are not supported');
    return false;
  }
  const opened = yield* open(connection, { kind: 'open', user, database, program });
  if ('refused' in opened) {
    fatal(connection, opened.refused.sqlstate, opened.refused.message);
    return false;
  }
  connection.user = user;
  connection.processId = opened.processId;
  sendAuthenticationOk(out);
  const refused = takeSettings(connection, parameters);
  if (refused !== null) {
    sendReport(out, refused);
    return false;
  }
  reportSettings(connection);
  sendKeyData(out, opened.processId, opened.secret);
  sendReady(out, 'I');
  connection.isReady = true;
  return true;
}

/** Settings as `options` has them: `-c name=value` or `--name=value`, a backslash before what stands for itself. Throws what is none. */
function optionsOf(options: string): readonly (readonly [name: string, value: string])[] {
  const words = options.match(/(?:\\.|[^\s\\])+/g)?.map((word) => word.replace(/\\(.)/g, '$1')) ?? [];
  const settings: (readonly [string, string])[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const [, mark = '', joined = ''] = /^(-c|--)(.*)$/s.exec(word) ?? [];
    const setting = mark === '-c' && joined === '' ? words[++i] : joined;
    if (mark === '' || setting === undefined || setting === '')
      return fail('42601', `invalid command-line argument for server process: ${word}`);
    const at = setting.indexOf('=');
    if (at < 0) return fail('42601', `${mark === '--' ? '--' : '-c '}${setting} requires a value`);
    settings.push([setting.slice(0, at).replaceAll('-', '_'), setting.slice(at + 1)]);
  }
  return settings;
}

const OWN = new Set(['user', 'database', 'options', 'replication']);

/** Settings of the start-up message, which RESET goes back to; what is wrong with one ends the connection. */
function takeSettings(connection: Connection, parameters: ReadonlyMap<string, string>): Report | null {
  try {
    for (const [name, value] of [...optionsOf(parameters.get('options') ?? ''), ...parameters])
      if (!OWN.has(name) && !name.startsWith('_pq_.')) takeSetting(connection, name, value);
    return null;
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return { severity: 'FATAL', sqlstate: failure.sqlstate, message: failure.message };
  }
}

function takeSetting(connection: Connection, name: string, value: string): void {
  const { read } = settingToSet(connection, name);
  const key = settingKey(name);
  // a driver sends the zone of its machine, and reads what it gets by the offset that stands behind it
  if (isForeignZone(key, value))
    notice(connection, { sqlstate: '01000', message: `time zone "${value}" is not supported: it stays UTC` });
  else connection.settings.defaults.set(key, read(namesIn(name, value)));
}
