// The address of a served cluster: sockets on one side, connections of the protocol (src/pg) on the other.

import { createServer, type Server, type Socket } from 'node:net';
import type { NodeId } from '../../base/ids.ts';
import { backendNumberOf } from '../../core/engine/backend-number.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import { lineOfCall } from '../../lab/lab-calls.ts';
import { databaseMeant, type LabCall, type Opened, type Reply, type Wish } from '../../pg/connection.ts';
import { openConnection } from '../../pg/session.ts';
import { finalStatement } from '../../pg/temporary.ts';
import { endTurns, makeTurns, notifyAll, onBytes, onRoom, type Turns } from '../../pg/turns.ts';
import { nodeOf } from '../../sim/fabric-state.ts';
import { driverOf, readEntry } from '../../sim/tape-entry.ts';
import { tapes } from '../../stacks/tapes.ts';
import { withLabViews } from './lab-views.ts';
import { makePacer, type Pace, type Pacer, wakePacer } from './pace.ts';
import {
  act,
  doneResult,
  endWait,
  errorResult,
  forgetRequests,
  loseRequests,
  request,
  runTo,
  type ServedCluster,
  stoppedMessage,
  stoppedResult,
  type Wait,
  waitFor,
} from './served-cluster.ts';

/** Connections at a time; one more is refused with 53300. */
const CONNECTIONS_MAX = 1000;
/** Longest time that CALL lab.wait takes, virtual ms. */
const WAIT_MS_MAX = 3_600_000;

interface Client {
  readonly number: number;
  readonly socket: Socket;
  readonly turns: Turns;
  /** As pg_backend_pid has it, once it is in. */
  processId: number;
  readonly secret: number;
  /** Null before it is in. */
  session: { readonly name: string; readonly driver: NodeId } | null;
  program: string;
  /** Of CALL lab.wait or pg_sleep, until it is answered. */
  wait: Wait | null;
}

export interface PgServer {
  readonly port: number;
  readonly pacer: Pacer;
  /** Connections that are in. */
  readonly clients: ReadonlySet<Client>;
  /** Ends every connection, then the server; the cluster stays as it is. */
  stop(): Promise<void>;
}

interface Serving {
  readonly cluster: ServedCluster;
  readonly pacer: Pacer;
  readonly clients: Set<Client>;
  lastId: number;
}

/** Listens on 127.0.0.1. Rejects when the port is taken. */
export async function servePg(cluster: ServedCluster, port: number, pace: Pace): Promise<PgServer> {
  const clients = new Set<Client>();
  const driver = (session: string): NodeId | null =>
    [...clients].find((client) => client.session?.name === session)?.session?.driver ?? null;
  const pacer = makePacer(cluster, pace, () => loseRequests(cluster, driver));
  const serving: Serving = { cluster, pacer, clients, lastId: 0 };
  const server = createServer((socket) => welcome(serving, socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  wakePacer(pacer, false);
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    pacer,
    clients,
    stop: () => stop(server, serving),
  };
}

function stop(server: Server, { pacer, clients }: Serving): Promise<void> {
  pacer.isStopped = true;
  for (const { socket } of clients) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

function welcome(serving: Serving, socket: Socket): void {
  const number = ++serving.lastId;
  const client: Client = {
    socket,
    turns: makeTurns(openConnection(serving.cluster.host.edge.parse), {
      send: (bytes) => socket.write(bytes),
      end: () => socket.end(),
      destroy: () => socket.destroy(),
      read(isWanted) {
        if (!isWanted) socket.pause();
        else if (socket.isPaused()) socket.resume();
      },
      fulfil: (wish, reply) => fulfil(serving, client, wish, reply),
      failed: (thrown) => console.error(`connection ${number} has ended:`, thrown),
    }),
    number,
    processId: 0,
    // Only cancels are distinguished by it, on an address of this machine alone.
    secret: (Math.imul(number, 0x9e3779b1) ^ 0x5bd1e995) >>> 0,
    session: null,
    program: '',
    wait: null,
  };
  socket.setNoDelay(true);
  serving.clients.add(client);
  socket.on('data', (bytes) => onBytes(client.turns, bytes));
  socket.on('drain', () => onRoom(client.turns));
  socket.on('error', () => undefined);
  socket.on('close', () => leave(serving, client));
}

function fulfil(serving: Serving, client: Client, wish: Wish, reply: (result: Reply) => void): void {
  switch (wish.kind) {
    case 'open':
      reply(open(serving, client, wish));
      return;
    case 'cancel':
      cancel(serving, wish.processId, wish.secret);
      reply(null);
      return;
    case 'sql':
      ask(serving, client, wish, reply);
      return;
    case 'lab':
      call(serving, client, wish.call, reply);
      return;
    case 'signal':
      reply({ found: signal(serving, client, wish) });
      return;
    case 'notify':
      notifyAll(
        [...serving.clients].map(({ turns }) => turns),
        wish.notifications,
      );
      reply(null);
      return;
  }
}

const refused = (sqlstate: string, message: string): Opened => ({ refused: { sqlstate, message } });

/** The database's name says where its statements go. */
function open(serving: Serving, client: Client, wish: Extract<Wish, { kind: 'open' }>): Opened {
  const { program } = wish;
  const database = databaseMeant(wish.database);
  const { cluster, clients } = serving;
  if ([...clients].filter(({ session }) => session !== null).length >= CONNECTIONS_MAX)
    return refused('53300', `sorry, too many clients already: ${CONNECTIONS_MAX}`);
  const { fabric } = cluster.world;
  if (cluster.stopped !== null) return refused('57P03', stoppedMessage(cluster.stopped));
  const [, place = database, second] = /^(.*)@(.*)$/.exec(database) ?? [];
  const driver = driverOf(fabric, second ?? (driverOf(fabric, place) === null ? null : place));
  if (driver === null)
    return refused('3D000', `database "${database}" does not exist: there is no such driver`);
  const name = `pg${client.number}`;
  if (place !== 'lab' && driverOf(fabric, place) === null) {
    const error = act(cluster, `session ${driver} ${name} ${place} session`);
    if (error !== null && !(place === 'rw' && error.includes('has no readers')))
      return refused('3D000', `database "${database}" does not exist: ${error}`);
  }
  client.session = { name, driver };
  client.processId = backendNumberOf(driver, name);
  client.program = program;
  cluster.history?.programs.set(name, program);
  return { processId: client.processId, secret: client.secret };
}

function ask(
  { cluster, pacer }: Serving,
  { session }: Client,
  { text, params }: Extract<Wish, { kind: 'sql' }>,
  reply: (result: ClientResult) => void,
): void {
  if (session === null) {
    reply(errorResult('08003', 'the connection is not open'));
    return;
  }
  const views = withLabViews(cluster, text);
  const own = (result: ClientResult): ClientResult =>
    views === null ? result : atOwnPlaces(result, views.ownPosition);
  request(cluster, session.driver, session.name, { text: views?.text ?? text, params }, (result) =>
    reply(own(result)),
  );
  wakePacer(pacer, true);
}

const atOwnPlaces = (result: ClientResult, ownPosition: (position: number) => number): ClientResult => ({
  ...result,
  statements: result.statements.map((one) =>
    one.kind === 'error' && one.position !== null ? { ...one, position: ownPosition(one.position) } : one,
  ),
});

/** Every action of the tape, and what only a served cluster has: `lab.at(ms, line)` and `lab.wait(ms)`. */
function call(
  { cluster, pacer }: Serving,
  client: Client,
  { name, args }: LabCall,
  reply: (result: ClientResult) => void,
): void {
  const [first, second] = args.map(({ value }) => value);
  const us = Math.round(Number(first) * 1000);
  if (name === 'wait' || name === 'at') {
    if (first === null || first === undefined || !(us >= 0) || (name === 'wait' && us > WAIT_MS_MAX * 1000)) {
      reply(errorResult('22023', `lab.${name}: ${first ?? 'nothing'} is not a time in virtual ms`));
      return;
    }
  }
  if (name === 'wait' && cluster.stopped === null) {
    client.wait = waitFor(cluster, us, reply);
    wakePacer(pacer, true);
    return;
  }
  const line = name === 'at' ? { line: second ?? '' } : lineOfCall({ name, args });
  const error = 'error' in line ? line.error : act(cluster, line.line, name === 'at' ? us : null);
  // It is answered once it is done, so that the next statement finds it so.
  if (error === null) runTo(cluster, cluster.world.fabric.now + 1);
  if (cluster.stopped !== null) {
    reply(stoppedResult(cluster.stopped));
    return;
  }
  const sqlstate = 'error' in line && !line.error.includes(':') ? '42883' : '22023';
  reply(error === null ? doneResult('CALL') : errorResult(sqlstate, error));
  wakePacer(pacer, true);
}

function cancel({ cluster, pacer, clients }: Serving, processId: number, secret: number): void {
  const client = [...clients].find((one) => one.processId === processId && one.secret === secret);
  if (client !== undefined) cancelStatement({ cluster, pacer }, client);
}

function cancelStatement(
  { cluster, pacer }: Pick<Serving, 'cluster' | 'pacer'>,
  { session, turns, wait }: Client,
): void {
  if (
    wait !== null &&
    endWait(cluster, wait, errorResult('57014', 'canceling statement due to user request'))
  )
    return;
  if (session === null || turns.connection.wish?.kind !== 'sql') return;
  act(cluster, `cancel ${session.driver} ${session.name}`);
  wakePacer(pacer, true);
}

/** pg_cancel_backend and pg_terminate_backend; false: there is no such connection. */
function signal(
  serving: Serving,
  own: Client,
  { act: kind, processId }: Extract<Wish, { kind: 'signal' }>,
): boolean {
  const found = [...serving.clients].find((one) => one.session !== null && one.processId === processId);
  if (found === undefined) return false;
  if (kind === 'cancel') cancelStatement(serving, found);
  else if (found === own) setImmediate(() => endTurns(own.turns));
  else endTurns(found.turns);
  return true;
}

/** The socket is closed: what the session asked is given up and what it has open rolled back. */
function leave({ cluster, pacer, clients }: Serving, client: Client): void {
  clients.delete(client);
  client.turns.isGone = true;
  const { session } = client;
  if (session === null) return;
  forgetRequests(cluster, session.name);
  const isDown = nodeOf(cluster.world.fabric, session.driver).status === 'down';
  if (!isDown) act(cluster, `disconnect ${session.driver} ${session.name}`);
  const text = finalStatement(client.turns.connection);
  if (text !== null && !isDown) {
    const last = `${session.name}end`;
    request(cluster, session.driver, last, { text, params: [] }, () => {
      act(cluster, `disconnect ${session.driver} ${last}`);
    });
  }
  wakePacer(pacer, true);
}

/** Names of what an address has: databases for a client's connection string. */
export const databasesOf = ({ world }: ServedCluster): readonly string[] => {
  const { nodes } = world.fabric.cluster;
  const drivers = nodes.filter(({ roles }) => roles.includes('driver')).map(({ id }) => id as string);
  const targets = ['rw', 'ro', ...nodes.map(({ id }) => id as string)].filter(
    (place) => !('error' in readTarget(world.fabric, place)),
  );
  return ['lab', ...targets, ...drivers.slice(1)];
};

function readTarget(
  fabric: ServedCluster['world']['fabric'],
  place: string,
): { readonly error: string } | object {
  const driver = driverOf(fabric, null);
  return driver === null
    ? { error: 'there is no driver' }
    : readEntry(tapes, `session ${driver} main ${place} session`, fabric);
}
