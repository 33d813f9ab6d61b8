// What a primary gives away with a part of its tablet beside the rows, and how it stands still meanwhile (docs/spec/placement.md PCS-47): requests
// that have committed are on record in the client table (FENCE-43), and who has the keys next must know them, or a repeated request
// would be carried out twice. Here they are read, and put on record at the other primary.

import type { NodeId } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import { CLIENTS_SESSION } from './clients-copy.ts';
import type { ClientsDone, ClientsTask } from './clients-task.ts';
import { makeEnv } from './engine-env.ts';
import type { EngineState, Session } from './engine-state.ts';
import type { EnginePorts } from './ports.ts';
import { runReady } from './run-loop.ts';
import { dropRunning, finishRequest, hasCommitted, makeRunning, makeSession } from './sessions.ts';
import { abortTx } from './transactions.ts';

function begin(engine: EngineState, ctx: RoleContext, ports: EnginePorts, put: ClientsTask['put']): void {
  delete engine.clientsDone;
  if (engine.sessions.has(CLIENTS_SESSION)) return;
  const session = makeSession(CLIENTS_SESSION, '' as NodeId, '', 0, ctx.now);
  session.running = makeRunning({ kind: 'clients', at: 0, put, found: [] });
  session.isKnown = true;
  engine.sessions.set(CLIENTS_SESSION, session);
  engine.ready.push(CLIENTS_SESSION);
  runReady(makeEnv(engine, ctx, ports));
}

export const readClients = (engine: EngineState, ctx: RoleContext, ports: EnginePorts): void =>
  begin(engine, ctx, ports, null);

/** `node`, `name`: of the session that has copied the rows, by whose commit they count. */
export const putClients = (
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  put: NonNullable<ClientsTask['put']>,
): void => begin(engine, ctx, ports, put);

/** Of the last work that was begun; null while it runs. */
export const clientsDone = ({ clientsDone: done }: EngineState): ClientsDone | null => done ?? null;

/** True: no client's transaction is open. `force`: those that are, and whose commit is not on its way, are rolled back. */
export function quiesce(engine: EngineState, ctx: RoleContext, ports: EnginePorts, force: boolean): boolean {
  const env = makeEnv(engine, ctx, ports);
  const clients = (): Session[] => [...engine.sessions.values()].filter(({ node }) => node !== '');
  if (force)
    for (const session of clients()) {
      const isOpen = session.tx !== null || session.running !== null || session.block !== 'none';
      if (!isOpen || session.waiting?.kind === 'commit') continue;
      // of one that has committed in its middle nobody knows the whole; else the same request may come again: nothing of it was done
      const isPart = session.running !== null && hasCommitted(session.running);
      if (isPart) finishRequest(env, session, 'COMMIT_UNKNOWN');
      else if (session.running !== null) session.sequence--;
      dropRunning(env, session);
      abortTx(env, session, '40001');
      session.block = 'none';
    }
  runReady(env);
  return clients().every(({ tx, running }) => tx === null && running === null);
}
