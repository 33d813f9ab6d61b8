// The life of a connection: start-up, then one message after the other, until it ends. Trust is the only way of authentication,
// because the address is one of the machine itself.

import {
  sendAuthenticationOk,
  sendKeyData,
  sendNegotiateVersion,
  sendNo,
  sendParameter,
  sendReady,
  sendReport,
} from './backend.ts';
import { CLIENT_SETTINGS, settingOf, spelled } from './client-settings.ts';
import {
  type Connection,
  fatal,
  makeConnection,
  nextMessage,
  notice,
  open,
  type Steps,
  settingValue,
} from './connection.ts';
import { endBatch, extendedMessage } from './extended-query.ts';
import { nextFrame } from './frames.ts';
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
  sendAuthenticationOk(out);
  const refused = takeSettings(connection, parameters);
  if (refused !== null) {
    sendReport(out, { severity: 'FATAL', sqlstate: '22023', message: refused });
    return false;
  }
  for (const [name, { isReported }] of Object.entries(CLIENT_SETTINGS))
    if (isReported) sendParameter(out, spelled(name), settingValue(connection, name));
  sendParameter(out, 'application_name', program);
  sendKeyData(out, opened.processId, opened.secret);
  sendReady(out, 'I');
  return true;
}

/** Settings as `options` has them: `-c name=value` or `--name=value`, a backslash before what stands for itself. */
function optionsOf(options: string): readonly (readonly [name: string, value: string])[] {
  const words = options.match(/(?:\\.|[^\s\\])+/g)?.map((word) => word.replace(/\\(.)/g, '$1')) ?? [];
  const settings = words.flatMap((word, i): readonly string[] => {
    if (word === '-c') return words.slice(i + 1, i + 2);
    if (words[i - 1] === '-c') return [];
    return /^(?:-c|--)\w/.test(word) ? [word.replace(/^-c|^--/, '')] : [];
  });
  return settings.map((one) => {
    const [name = '', ...value] = one.split('=');
    return [name.replaceAll('-', '_'), value.join('=')];
  });
}

/** Settings of the start-up message; why one is refused, or null. What nobody here knows is passed over with a notice. */
function takeSettings(connection: Connection, parameters: ReadonlyMap<string, string>): string | null {
  const own = new Set(['user', 'database', 'application_name', 'options', 'replication']);
  for (const [name, value] of [...parameters, ...optionsOf(parameters.get('options') ?? '')]) {
    if (own.has(name) || name.startsWith('_pq_.')) continue;
    const setting = settingOf(name);
    if (setting === null) {
      notice(connection, { sqlstate: '01000', message: `parameter "${name}" of the start-up has no effect` });
      continue;
    }
    const read = setting.read?.(value) ?? null;
    if (read === null) return `invalid value for parameter "${name}": "${value}"`;
    connection.defaults.set(name.toLowerCase(), read);
  }
  return null;
}
