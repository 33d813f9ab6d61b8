// Clients of PostgreSQL's protocol at the lab of a tab: `npm start -- --pg` carries their bytes here over a WebSocket (scripts/pg-bridge.mjs),
// the protocol is spoken here, and the page is asked what they want done. A worker of its own, because it parses their SQL.

import { messageOf } from '../base/thrown.ts';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import { loadSqlParser, parseSql } from '../edge/sql-parser.ts';
import { makeOutput, sendReport, takeOutput } from '../pg/backend.ts';
import type { Opened, Reply, Wish } from '../pg/connection.ts';
import { openConnection } from '../pg/session.ts';
import { finalStatement } from '../pg/temporary.ts';
import { endTurns, makeTurns, notifyAll, onBytes, onRoom, type Turns } from '../pg/turns.ts';
import type { BridgeActivity, BridgeClient, BridgeEvent, BridgeRequest } from './pg-bridge-messages.ts';

/** What a message is, after the number of its connection (4 bytes); scripts/pg-bridge.mjs has the other end. */
const OPEN = 0;
const DATA = 1;
const END = 2;
const TAKEN = 3;
const FULL = 4;
const ROOM = 5;
const PORT = 6;

/** Wall ms between two pictures of what clients do. */
const SHOWN_MS = 200;
/** Characters of a statement that are shown. */
const STATEMENT_MAX = 400;

interface Client {
  readonly id: number;
  readonly turns: Turns;
  /** As pg_backend_pid has it, once it is in. */
  processId: number;
  readonly secret: number;
  /** Bytes that the other end does not know to be worked off. */
  owed: number;
  /** The other end has said that the client takes nothing. */
  isFull: boolean;
  program: string;
  database: string;
  statement: string;
}

const clients = new Map<number, Client>();
const asked = new Map<number, (reply: ClientResult | Opened | null) => void>();
let lastAsk = 0;
let socket: WebSocket | null = null;
let _showing: ReturnType<typeof setTimeout> | undefined;

const post = (event: BridgeEvent): void => self.postMessage(event);

self.onmessage = ({ data }: MessageEvent<BridgeRequest>) => {
  switch (data.kind) {
    case 'connect':
      connect(data.address).catch((error: unknown) => post({ kind: 'disconnected', why: messageOf(error) }));
      return;
    case 'answer': {
      const reply = asked.get(data.ask);
      asked.delete(data.ask);
      reply?.(data.reply);
      show();
      return;
    }
    case 'endAll':
      for (const client of clients.values()) end(client, data.sqlstate, data.message);
  }
};

async function connect(address: string): Promise<void> {
  await loadSqlParser();
  socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => onMessage(new Uint8Array(data));
  socket.onclose = ({ code }) => {
    for (const client of clients.values()) leave(client);
    post({ kind: 'disconnected', why: `the connection to its server has ended (${code})` });
  };
}

function onMessage(message: Uint8Array): void {
  const view = new DataView(message.buffer);
  const id = view.getUint32(0);
  const client = clients.get(id);
  switch (message[4]) {
    case PORT:
      post({ kind: 'connected', port: view.getUint32(5) });
      return;
    case OPEN:
      welcome(id);
      return;
    case DATA:
      if (client === undefined) return;
      client.owed += message.length - 5;
      onBytes(client.turns, message.subarray(5));
      return;
    case END:
      if (client !== undefined) leave(client);
      return;
    case FULL:
      if (client !== undefined) client.isFull = true;
      return;
    case ROOM:
      if (client === undefined) return;
      client.isFull = false;
      onRoom(client.turns);
  }
}

function welcome(id: number): void {
  const client: Client = {
    id,
    turns: makeTurns(openConnection(parseSql), {
      send(bytes) {
        tell(id, DATA, bytes);
        return !client.isFull;
      },
      end: () => {
        tell(id, END);
        leave(client);
      },
      destroy: () => {
        tell(id, END);
        leave(client);
      },
      read: (isWanted) => {
        if (isWanted && client.owed > 0) tellTaken(client);
      },
      fulfil: (wish, reply) => fulfil(client, wish, reply),
      failed: (thrown) => console.error(`connection ${id} has ended:`, thrown),
    }),
    processId: 0,
    secret: crypto.getRandomValues(new Int32Array(1))[0] ?? 0,
    owed: 0,
    isFull: false,
    program: '',
    database: '',
    statement: '',
  };
  clients.set(id, client);
  show();
}

function tell(id: number, kind: number, bytes: Uint8Array = new Uint8Array(0)): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  const message = new Uint8Array(5 + bytes.length);
  new DataView(message.buffer).setUint32(0, id);
  message[4] = kind;
  message.set(bytes, 5);
  socket.send(message);
}

function tellTaken(client: Client): void {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, client.owed);
  client.owed = 0;
  tell(client.id, TAKEN, count);
}

function fulfil(client: Client, wish: Wish, reply: (result: Reply) => void): void {
  if (wish.kind === 'cancel') {
    cancel(wish);
    reply(null);
    return;
  }
  if (wish.kind === 'notify') {
    notifyAll(
      [...clients.values()].map(({ turns }) => turns),
      wish.notifications,
    );
    reply(null);
    return;
  }
  if (wish.kind === 'signal') {
    reply({ found: signal(wish) });
    return;
  }
  if (wish.kind === 'open') {
    client.program = wish.program;
    client.database = wish.database;
  } else
    client.statement =
      wish.kind === 'sql' ? wish.text.slice(0, STATEMENT_MAX) : `CALL lab.${wish.call.name}(…)`;
  const ask = ++lastAsk;
  // The key that a cancel brings is known here only.
  asked.set(ask, (answer) => {
    if (answer !== null && 'processId' in answer) {
      client.processId = answer.processId;
      reply({ processId: answer.processId, secret: client.secret });
    } else reply(answer);
  });
  post({ kind: 'ask', ask, client: client.id, wish });
  show();
}

function cancel({ processId, secret }: Extract<Wish, { kind: 'cancel' }>): void {
  const client = clientOf(processId);
  if (client?.secret === secret) cancelStatement(client);
}

/** One that is in: those that are not have no number yet. */
const clientOf = (processId: number): Client | undefined =>
  processId === 0 ? undefined : [...clients.values()].find((client) => client.processId === processId);

function cancelStatement({ id, turns }: Client): void {
  if (turns.connection.wish?.kind === 'sql') post({ kind: 'cancel', client: id });
}

/** pg_cancel_backend and pg_terminate_backend; false: there is no such connection. */
function signal({ act, processId }: Extract<Wish, { kind: 'signal' }>): boolean {
  const client = clientOf(processId);
  if (client === undefined) return false;
  if (act === 'cancel') cancelStatement(client);
  else setTimeout(() => endTurns(client.turns));
  return true;
}

function end(client: Client, sqlstate: string, message: string): void {
  const out = makeOutput();
  sendReport(out, { severity: 'FATAL', sqlstate, message });
  tell(client.id, END, takeOutput(out));
  leave(client);
}

function leave(client: Client): void {
  client.turns.isGone = true;
  if (clients.delete(client.id))
    post({ kind: 'left', client: client.id, finalStatement: finalStatement(client.turns.connection) });
  show();
}

const activityOf = ({ turns: { connection } }: Client): BridgeActivity => {
  if (connection.wish !== null) return 'asking';
  return connection.status === 'I'
    ? 'idle'
    : connection.status === 'T'
      ? 'inTransaction'
      : 'failedTransaction';
};

/** Some times a second at most. */
function show(): void {
  _showing ??= setTimeout(() => {
    _showing = undefined;
    const shown = [...clients.values()].map((client): BridgeClient => {
      const { id, program, database, statement } = client;
      return { id, program, database, statement, activity: activityOf(client) };
    });
    post({ kind: 'clients', clients: shown });
  }, SHOWN_MS);
}
