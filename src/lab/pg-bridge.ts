// Clients of PostgreSQL's protocol at the lab of this tab, through the server of `npm start -- --pg`: the worker speaks with them
// (host/pg-bridge-worker.ts), here is done what they ask, at the live cluster, whatever is shown. Each statement is an action on the tape, as
// those of the console are. Loaded where a page brings the server's token.

import { messageOf } from '../base/thrown.ts';
import { backendNumberOf } from '../core/engine/backend-number.ts';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import type { BridgeClient, BridgeEvent, BridgeRequest, BridgeWish } from '../host/pg-bridge-messages.ts';
import { databaseMeant, type LabCall, type Opened } from '../pg/connection.ts';
import type { ActResult, SqlOutcome } from './api.ts';
import { lineOfCall } from './lab-calls.ts';
import type { LabCore } from './lab-core.ts';

/** A request of a connection that was answered: by what it is found in the run, and its arrival. */
export type BridgeAsked = Pick<SqlOutcome, 'requestId' | 'askedAt'>;

export interface BridgeConnection extends BridgeClient {
  /** The last; null: none yet. */
  readonly asked: BridgeAsked | null;
  /** Its session, as its driver calls it; null: it has none yet. */
  readonly place: { readonly session: string; readonly driver: string } | null;
}

/** What the screen shows of it. */
export type BridgeState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly port: number; readonly clients: readonly BridgeConnection[] }
  | { readonly kind: 'disconnected'; readonly why: string };

interface Session {
  readonly name: string;
  readonly driver: string;
}

interface Bridge {
  readonly core: LabCore;
  readonly sessions: Map<number, Session>;
  readonly asked: Map<number, BridgeAsked>;
  /** A part of the sessions' names: those of another page's connections are not met again. */
  readonly mark: string;
}

/** `token`: as the address of the page has it. */
export function openPgBridge(core: LabCore, token: string, onState: (state: BridgeState) => void): void {
  const worker = new Worker(new URL('../host/pg-bridge-worker.ts', import.meta.url), { type: 'module' });
  const tell = (request: BridgeRequest): void => worker.postMessage(request);
  const bridge: Bridge = { core, sessions: new Map(), asked: new Map(), mark: randomMark() };
  let state: BridgeState = { kind: 'connecting' };
  const become = (next: BridgeState): void => {
    state = next;
    onState(next);
  };
  worker.onmessage = ({ data }: MessageEvent<BridgeEvent>) => {
    switch (data.kind) {
      case 'connected':
        become({ kind: 'connected', port: data.port, clients: [] });
        return;
      case 'disconnected':
        become(data);
        return;
      case 'clients':
        if (state.kind === 'connected') {
          const clients = data.clients.map((one) => {
            const session = bridge.sessions.get(one.id);
            const place = session === undefined ? null : { session: session.name, driver: session.driver };
            return { ...one, asked: bridge.asked.get(one.id) ?? null, place };
          });
          become({ ...state, clients });
        }
        return;
      case 'ask':
        fulfil(bridge, data.client, data.wish)
          .catch((error: unknown) => refusalOf(data.wish, error))
          .then((reply) => tell({ kind: 'answer', ask: data.ask, reply }));
        return;
      case 'cancel': {
        const session = bridge.sessions.get(data.client);
        if (session !== undefined)
          core.fabric?.tell({ kind: 'cancelSql', session: session.name, driver: session.driver });
        return;
      }
      case 'left':
        leave(bridge, data.client, data.finalStatement);
    }
  };
  worker.onerror = (event) =>
    become({ kind: 'disconnected', why: event.message ?? 'its worker did not start' });
  endWithRun(core, () => {
    bridge.sessions.clear();
    bridge.asked.clear();
    tell({
      kind: 'endAll',
      sqlstate: '57P01',
      message: 'terminating connection: another run has begun in the lab',
    });
  });
  onState(state);
  const address = new URL('/pg-bridge', location.href);
  address.protocol = 'ws:';
  address.search = new URLSearchParams({ token }).toString();
  whenOwner(core, () => tell({ kind: 'connect', address: address.href }));
}

/** A tab that only watches takes no clients from the one that drives the lab; once it has taken over, they are its own. */
function whenOwner(core: LabCore, onOwner: () => void): void {
  const isOwner = (): boolean => !['BOOTING', 'MIRROR'].includes(core.state().mode);
  if (isOwner()) {
    onOwner();
    return;
  }
  const listener = {
    onRun(): void {
      if (!isOwner()) return;
      core.listeners.delete(listener);
      onOwner();
    },
  };
  core.listeners.add(listener);
}

const randomMark = (): string => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0).toString(36);

/** What a client knows of one run is not so in another. */
function endWithRun(core: LabCore, onEnd: () => void): void {
  let run = core.state().runId;
  core.listeners.add({
    onRun({ runId }) {
      if (runId === run) return;
      if (run !== '') onEnd();
      run = runId;
    },
  });
}

const failed = (sqlstate: string, message: string): ClientResult => ({
  outcome: 'error',
  statements: [{ kind: 'error', sqlstate, message, position: null }],
  scn: -1,
});

/** The lab itself has refused: no cluster runs in this tab, or another run has taken its place. */
function refusalOf({ kind }: BridgeWish, error: unknown): ClientResult | Opened {
  const message = messageOf(error);
  return kind === 'open' ? { refused: { sqlstate: '57P03', message } } : failed('08006', message);
}

async function fulfil(bridge: Bridge, client: number, wish: BridgeWish): Promise<ClientResult | Opened> {
  switch (wish.kind) {
    case 'open':
      return open(bridge, client, wish.database);
    case 'lab':
      return call(bridge, wish.call);
    case 'sql': {
      const session = bridge.sessions.get(client);
      if (session === undefined) return failed('08003', 'the connection is not open');
      const { result, requestId, askedAt } = await askSession(bridge, session, wish);
      if (!ENDS.test(wish.text)) bridge.asked.set(client, { requestId, askedAt });
      return result;
    }
  }
}

const askSession = (
  { core }: Bridge,
  { name: session, driver }: Session,
  { text, params }: Omit<Extract<BridgeWish, { kind: 'sql' }>, 'kind'>,
): Promise<SqlOutcome> =>
  core.ask<SqlOutcome>((id) => ({ kind: 'sql', id, session, driver, text, params, runToReply: false }));

/** The end of a block is no statement that anybody follows. */
const ENDS = /^(?:begin|commit|rollback)$/i;

const act = ({ core }: Bridge, line: string): Promise<ActResult> =>
  core.ask<ActResult>((id) => ({ kind: 'act', id, line }));

/** The database's name says where its statements go: `lab`, a driver, or a place that a session can be sent to. */
async function open(bridge: Bridge, client: number, named: string): Promise<Opened> {
  const database = databaseMeant(named);
  const nodes = (bridge.core.liveFrame ?? bridge.core.frame)?.cluster.nodes ?? [];
  const drivers = nodes.filter(({ roles }) => roles.includes('driver'));
  const driver = drivers.find(({ id }) => id === database)?.id ?? drivers[0]?.id;
  bridge.core.owner();
  if (driver === undefined) return { refused: { sqlstate: '57P03', message: 'the cluster is not running' } };
  const name = `pg${client}_${bridge.mark}`;
  if (database !== 'lab' && driver !== database) {
    const placed = await act(bridge, `session ${driver} ${name} ${database} session`);
    if (!placed.ok && !(database === 'rw' && placed.error.includes('has no readers')))
      return {
        refused: { sqlstate: '3D000', message: `database "${database}" does not exist: ${placed.error}` },
      };
  }
  bridge.sessions.set(client, { name, driver });
  return { processId: backendNumberOf(driver, name), secret: 0 };
}

/** Every action of the tape; what looks into the run, or waits in it, is of a cluster that `npm run serve` serves. */
async function call(bridge: Bridge, asked: LabCall): Promise<ClientResult> {
  const line = lineOfCall(asked);
  if ('error' in line) return failed(line.error.includes(':') ? '22023' : '42883', line.error);
  const done = await act(bridge, line.line);
  return done.ok
    ? { outcome: 'ok', statements: [{ kind: 'done', tag: 'CALL' }], scn: -1 }
    : failed('22023', done.error);
}

/** What its session has open is rolled back, and its temporary tables are dropped. */
function leave(bridge: Bridge, client: number, text: string | null): void {
  const session = bridge.sessions.get(client);
  bridge.sessions.delete(client);
  bridge.asked.delete(client);
  if (session === undefined) return;
  const { name, driver } = session;
  act(bridge, `disconnect ${driver} ${name}`)
    .then(() =>
      text === null ? null : askSession(bridge, { name: `${name}_end`, driver }, { text, params: [] }),
    )
    .catch(() => undefined);
}
