// A connection of a client, from its first byte to its end, as a state machine without any input or output of its own: bytes go in,
// and out come bytes to send and wishes that somebody else fulfils (a request for the cluster, a cancel, a call of the lab). While a
// wish is open nothing more is read, so who feeds it may stop reading its socket.

import { errorOf } from '../base/thrown.ts';
import type { ClientResult, Column } from '../core/kernel/client-calls.ts';
import { makeOutput, type Output, type Report, sendReport, takeOutput } from './backend.ts';
import { type ConnectionSettings, makeConnectionSettings } from './connection-settings.ts';
import { addBytes, bufferedBytes, type FrameBuffer, makeFrameBuffer, nextFrame } from './frames.ts';
import type { Format, FrontendMessage } from './frontend.ts';
import { readMessage } from './frontend.ts';
import { deliverNotifications, type Notification } from './notifications.ts';
import type { EditedText, Parse, Statement } from './statement-text.ts';
import type { TransactionStatus } from './transaction-status.ts';

/** A function of the lab: `CALL lab.crash('rw-1')`. Values as texts; null for NULL. */
export interface LabCall {
  readonly name: string;
  readonly args: readonly { readonly name: string | null; readonly value: string | null }[];
}

/** What the connection asks of who serves it. */
export type Wish =
  /** A request of its session, as on a tape. Answered by a ClientResult. */
  | { readonly kind: 'sql'; readonly text: string; readonly params: readonly (string | null)[] }
  /** Answered by a ClientResult. */
  | { readonly kind: 'lab'; readonly call: LabCall }
  /** Who it is and where it wants to go. Answered by Opened. */
  | { readonly kind: 'open'; readonly user: string; readonly database: string; readonly program: string }
  /** Cancels what the connection of this key does. Not answered. */
  | { readonly kind: 'cancel'; readonly processId: number; readonly secret: number }
  /** Cancels what another connection does, or ends it. Answered by Found. */
  | { readonly kind: 'signal'; readonly act: 'cancel' | 'terminate'; readonly processId: number }
  /** For whoever listens. Not answered. */
  | { readonly kind: 'notify'; readonly notifications: readonly Notification[] };

/** Whether there is such a connection. */
export interface Found {
  readonly found: boolean;
}

/** Tools ask for the database of maintenance, `postgres`, before any other: it is the one that there is. */
export const databaseMeant = (database: string): string => (database === 'postgres' ? 'lab' : database);

/** The answer to `open`: the key that a cancel has to bring, or why it is refused. */
export type Opened =
  | { readonly processId: number; readonly secret: number }
  | { readonly refused: { readonly sqlstate: string; readonly message: string } };

/** Bytes are wanted: a wish that the connection's own input fulfils. */
type Need = Wish | 'bytes';
/** What a wish is answered by. */
export type Reply = ClientResult | Opened | Found | null;
/** A part of the connection's work, which may wait for bytes and for answers. */
export type Steps<T = void> = Generator<Need, T, Reply>;

/** What PARSE has made. */
export interface Prepared {
  /** Null: an empty text. */
  readonly statement: Statement | null;
  /** The text with the types of its parameters, as it is asked for. */
  readonly typed: EditedText;
  /** Object ids that the client has said; 0: none. */
  readonly types: readonly number[];
  /** Once it was asked for. */
  description: Description | null;
  /** What its result has from its description or its first execution on: what would give another is refused. Null: not fixed, or no rows. */
  columns: readonly Column[] | null;
}

export interface Description {
  readonly params: readonly number[];
  /** Null: it gives no rows. */
  readonly columns: readonly Column[] | null;
}

/** What BIND has made. */
export interface Portal {
  readonly prepared: Prepared;
  readonly params: readonly (string | null)[];
  readonly formats: readonly Format[];
  /** Describe was asked for, and its answer comes with the first rows. */
  isToBeDescribed: boolean;
  /** Null: not executed yet. */
  rest: Rest | null;
}

/** Rows of a portal that are not sent yet. */
export interface Rest {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly tag: string;
  next: number;
}

export interface Connection {
  readonly parse: Parse;
  readonly input: FrameBuffer;
  readonly out: Output;
  readonly steps: Steps;
  status: TransactionStatus;
  /** A transaction block that the connection itself has begun, for the messages up to the next Sync. */
  isImplicit: boolean;
  readonly statements: Map<string, Prepared>;
  readonly portals: Map<string, Portal>;
  readonly settings: ConnectionSettings;
  user: string;
  /** Its number, once it is in: pg_cancel_backend knows it by that. */
  processId: number;
  /** It has made its schema of temporary tables (temporary.ts). */
  hasTemporary: boolean;
  /** Channels (notifications.ts), and what has come on them and waits to be delivered. */
  readonly listens: Set<string>;
  readonly undelivered: Notification[];
  /** It waits for a query, in no transaction. */
  isReady: boolean;
  /** Under way: null when bytes are wanted. */
  wish: Wish | null;
  isStartup: boolean;
  isOver: boolean;
  /** A fault of the protocol's own code: it ends this connection, and no other. */
  thrown: Error | null;
}

/** After bytes or an answer. */
export interface Turn {
  /** To be sent, maybe none. */
  readonly send: Uint8Array;
  /** A wish that is new; it has to be answered before anything goes on. */
  readonly wish: Wish | null;
  /** The connection is to be closed once what is to be sent is sent. */
  readonly isOver: boolean;
  /** What was thrown here and has ended the connection, which its client was sent as an error: for who serves it. */
  readonly thrown: Error | null;
}

/** `serve`: what the connection does, from its start to its end (session.ts). */
export function makeConnection(parse: Parse, serve: (connection: Connection) => Steps): Connection {
  const self = {} as { connection: Connection };
  const connection: Connection = {
    parse,
    input: makeFrameBuffer(),
    out: makeOutput(),
    steps: (function* run(): Steps {
      yield* serve(self.connection);
    })(),
    status: 'I',
    isImplicit: false,
    statements: new Map(),
    portals: new Map(),
    settings: makeConnectionSettings(),
    user: '',
    processId: 0,
    hasTemporary: false,
    listens: new Set(),
    undelivered: [],
    isReady: false,
    wish: null,
    isStartup: true,
    isOver: false,
    thrown: null,
  };
  self.connection = connection;
  advance(connection, null);
  return connection;
}

/** Bytes of the client. While a wish is open they are only kept. */
export function receive(connection: Connection, bytes: Uint8Array): Turn {
  if (connection.isOver) return turnOf(connection, false);
  addBytes(connection.input, bytes);
  if (connection.wish !== null) return turnOf(connection, false);
  return turnOf(connection, advance(connection, null));
}

/** The answer to the wish that is open. */
export function answer(connection: Connection, reply: Reply): Turn {
  connection.wish = null;
  return turnOf(connection, advance(connection, reply));
}

/** Somebody else ends it. */
export function terminate(connection: Connection): Turn {
  fatal(connection, '57P01', 'terminating connection due to administrator command');
  connection.isOver = true;
  return turnOf(connection, false);
}

/** What has come for it is delivered at once: it waits for a query. */
export function deliver(connection: Connection): Turn {
  deliverNotifications(connection);
  return turnOf(connection, false);
}

/** Bytes that wait to be read; who feeds the connection stops at a limit of his own. */
export const waitingBytes = ({ input }: Connection): number => bufferedBytes(input);

/** Runs until bytes are wanted or a wish is open; true when there is a new wish. */
function advance(connection: Connection, reply: Reply): boolean {
  const { length } = connection.out;
  try {
    const { value, done } = connection.steps.next(reply);
    if (done === true) connection.isOver = true;
    else if (value !== 'bytes') connection.wish = value;
    return connection.wish !== null;
  } catch (thrown) {
    endByFault(connection, errorOf(thrown), length);
    return false;
  }
}

/** Ends it with XX000. What this turn has written may end within a message, so only what was there before is sent. */
function endByFault(connection: Connection, thrown: Error, length: number): void {
  connection.out.length = length;
  connection.thrown = thrown;
  connection.isOver = true;
  fatal(connection, 'XX000', `internal error: ${thrown.message}`);
}

const turnOf = (connection: Connection, isNew: boolean): Turn => ({
  send: takeOutput(connection.out),
  wish: isNew ? connection.wish : null,
  isOver: connection.isOver,
  thrown: connection.thrown,
});

/** The next message of the client; null when the connection cannot go on, and the client was sent why. */
export function* nextMessage(connection: Connection): Steps<FrontendMessage | null> {
  for (;;) {
    const frame = nextFrame(connection.input, false);
    if (frame === 'unfinished') {
      yield 'bytes';
      continue;
    }
    const message = 'error' in frame ? null : readMessage(frame);
    if (message !== null) {
      connection.isReady = false;
      return message;
    }
    fatal(connection, '08P01', 'error' in frame ? frame.error : `invalid message "${frame.type}"`);
    return null;
  }
}

export function fatal({ out }: Connection, sqlstate: string, message: string): void {
  sendReport(out, { severity: 'FATAL', sqlstate, message });
}

export const notice = ({ out }: Connection, report: Omit<Report, 'severity'>): void =>
  sendReport(out, { severity: 'NOTICE', ...report });

/** Asks for a result: of a request, or of a call of the lab. */
export function* ask(_: Connection, wish: Extract<Wish, { kind: 'sql' | 'lab' }>): Steps<ClientResult> {
  const reply = yield wish;
  if (reply === null || !('statements' in reply)) throw new TypeError(`${wish.kind} is answered by a result`);
  return reply;
}

export function* open(_: Connection, wish: Extract<Wish, { kind: 'open' }>): Steps<Opened> {
  const reply = yield wish;
  if (reply === null || 'statements' in reply || 'found' in reply)
    throw new TypeError('open is answered by a key or a refusal');
  return reply;
}
