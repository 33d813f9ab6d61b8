// What a person does to the cluster that is on: tape actions and statements. Whoever waits for an answer is notified when
// none can come.

import { present } from '../base/assert.ts';
import type { NodeId } from '../base/ids.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { driverOf, fullTape, readEntry, statementEntry } from '../sim/tape-entry.ts';
import { printLine } from '../sim/tape-print.ts';
import type { OutReply } from '../sim/types.ts';
import { tapes } from '../stacks/tapes.ts';
import type { FabricRequest } from './fabric-messages.ts';
import type { Running } from './host-core.ts';

/** One action's line without its time, taped at the next time not yet released. */
export const act = (running: Running, line: string): Promise<unknown> => acts(running, [line]);

/** Several lines, taped together; none of them when one is refused. Answers for the last. */
export async function acts(running: Running, lines: readonly string[]): Promise<unknown> {
  const { loop, cluster } = running;
  const actions: TapeAction[] = [];
  for (const line of lines) {
    const entry = readEntry(tapes, line, cluster.fabric, actions);
    if ('error' in entry) return { ok: false, error: entry.error, why: entry };
    actions.push(entry);
  }
  const full = fullTape(tapes, cluster.fabric.tape, actions);
  if (full !== null) return { ok: false, error: full.error, why: full };
  const { action } = present((await loop.tape(actions)).at(-1), 'the taped action');
  return { ok: true, at: action.at, line: printLine(tapes, action) };
}

export async function sql(
  running: Running,
  request: Extract<FabricRequest, { kind: 'sql' }>,
): Promise<unknown> {
  const { loop, waiting, cluster } = running;
  const entry = statementEntry(tapes, request, cluster.fabric);
  if ('error' in entry) throw new Error(entry.error);
  const full = fullTape(tapes, cluster.fabric.tape, [entry]);
  if (full !== null) throw new Error(full.error);
  if (request.runToReply) loop.hurry++;
  try {
    const [taped] = await loop.tape([entry]);
    const { requestId, action: done } = present(taped, 'the taped statement');
    const driver = driverNamed(running, request.driver);
    const reply = await new Promise<OutReply>((answer) =>
      waiting.set(present(requestId, 'the request’s id'), { driver, answer }),
    );
    return { result: reply.result, latencyUs: reply.at - done.at, requestId, askedAt: done.at };
  } finally {
    if (request.runToReply) {
      loop.hurry--;
      loop.setSpeed(loop.pacing.speed);
    }
  }
}

const driverNamed = ({ cluster }: Running, name: string | null): NodeId =>
  present(driverOf(cluster.fabric, name), 'a driver');

export const cancelSql = (running: Running, session: string, driver: string | null): Promise<unknown> =>
  act(running, `cancel ${driver ?? driverNamed(running, null)} ${session}`);

export function setWorkload(
  running: Running,
  name: string,
  change: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const parts = Object.entries(change).map(([key, value]) => `${key}=${String(value)}`);
  return act(running, `workloadSet ${driverNamed(running, null)} ${name} ${parts.join(' ')}`);
}

/** A driver that is down answers nobody: what was sent is unknown, and nothing is sent to it. */
export function settleLost(running: Running): void {
  const { waiting, cluster } = running;
  if (waiting.size === 0) return;
  for (const { spec, status } of cluster.fabric.nodes)
    if (spec.roles.includes('driver') && status !== 'up')
      settleWaiting(running, `${spec.id} is down`, spec.id);
}

/** Nobody waits for an answer that cannot come. `from`: only those of this driver. */
export function settleWaiting({ waiting, cluster }: Running, why: string, from: NodeId | null = null): void {
  const message = `${why}; whether the statement was applied is unknown`;
  const statements = [{ kind: 'error', sqlstate: '08006', message, position: null }] as const;
  for (const [requestId, { driver, answer }] of [...waiting]) {
    if (from !== null && driver !== from) continue;
    waiting.delete(requestId);
    answer({ at: cluster.fabric.now, requestId, result: { outcome: 'unknown', statements, scn: -1 } });
  }
}
