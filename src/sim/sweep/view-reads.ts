// Statements on the views of the metadata (docs/spec/pcs.md PCS-98), where it has several nodes: through losses of its leader, minorities
// and changes of its members each answer is of one version, says whether it may be old, and is not older than any that was
// there when its statement began, unless it may be (PCS-21). From a stream of its own.

import type { Time } from '../../base/ids.ts';
import { makePrng, nextBetween, nextChance } from '../../base/prng.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import { requestIdAt } from '../actions/clients.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Monitors } from '../checks/monitor.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { nodeWith } from './draw-tools.ts';

/** Election timeouts between two statements. */
const BETWEEN = 4;

const sessions = { now: 'views-now', stale: 'views-stale' } as const;

const textOf = (volume: string): string =>
  `SELECT n.version, v.version, n.stale, count(*) FROM pcs_nodes n, pcs_volumes v WHERE v.volume = '${volume}' GROUP BY 1, 2, 3`;

export function drawViewReads(
  seed: number,
  cluster: ClusterSpec,
  { electionMaxMs }: Params,
  chaosUs: number,
): TapeAction[] {
  if (cluster.nodes.filter(({ roles }) => roles.includes('meta')).length < 3) return [];
  const prng = makePrng(seed, 'view reads');
  const node = nodeWith(cluster, 'driver');
  const text = textOf(cluster.volume);
  const actions: TapeAction[] = [];
  const gapUs = electionMaxMs * 1000 * BETWEEN;
  for (
    let at = nextBetween(prng, gapUs >> 2, gapUs);
    at < chaosUs;
    at += nextBetween(prng, gapUs >> 2, gapUs)
  ) {
    const isStale = nextChance(prng, 1, 3);
    actions.push({
      kind: 'sql',
      at: at as Time,
      node,
      session: isStale ? sessions.stale : sessions.now,
      text: isStale ? `SET pcs_stale = on; ${text}` : text,
      params: [],
    });
  }
  return actions;
}

/** A reply and when it came. */
export interface TimedReply {
  readonly at: Time;
  readonly result: ClientResult;
}

interface ViewRead {
  readonly isStale: boolean;
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly version: number;
}

/** Of an answer with rows; null: an error, as statements have them while faults last. Text: what is wrong with it. */
function readOf(
  { session, at: askedAt }: TapeAction & { readonly kind: 'sql' },
  { at: answeredAt, result }: TimedReply,
): ViewRead | string | null {
  const last = result.statements.at(-1);
  // no leader, no writer, no time; never that there is no such view, or an answer that cannot be read
  if (last?.kind === 'error' && /^(?:42|08P|XX)/.test(last.sqlstate))
    return `${session}: ${last.sqlstate} ${last.message}`;
  if (last?.kind !== 'rows' || result.outcome !== 'ok') return null;
  const isStale = session === sessions.stale;
  const [row, ...more] = last.rows;
  const [version, other, stale] = row ?? [];
  if (row === undefined || more.length > 0 || version !== other || stale !== (isStale ? 't' : 'f'))
    return `${session} shows ${JSON.stringify(last.rows)}`;
  return { isStale, askedAt, answeredAt, version: Number(version) };
}

/** An answer of the leader holds all that any answer before its question has shown. */
function compare(reads: readonly ViewRead[]): string | null {
  for (const { isStale, askedAt, version } of reads) {
    if (isStale) continue;
    const before = reads.find((one) => one.answeredAt < askedAt && one.version > version);
    if (before !== undefined)
      return `asked at ${askedAt} µs, version ${version} is shown; ${before.version} was at ${before.answeredAt} µs`;
  }
  return null;
}

/** How many answers of the leader, and how many that may be old, were held against each other. */
export function judgeViewReads(
  monitors: Monitors,
  { actions }: Tape,
  replyTo: (requestId: string) => TimedReply | null,
  at: Time,
): { readonly now: number; readonly stale: number } {
  const reads: ViewRead[] = [];
  const faults: string[] = [];
  const names: readonly string[] = Object.values(sessions);
  for (const [place, action] of actions.entries()) {
    if (action.kind !== 'sql' || !names.includes(action.session)) continue;
    const reply = replyTo(requestIdAt(actions, place));
    const read = reply === null ? null : readOf(action, reply);
    if (typeof read === 'string') faults.push(read);
    else if (read !== null) reads.push(read);
  }
  const fault = faults[0] ?? compare(reads);
  if (reads.length > 0 || fault !== null)
    expectOfRun(monitors, 'pcs.read-fresh', fault === null, at, () => fault ?? '');
  const stale = reads.filter(({ isStale }) => isStale).length;
  return { now: reads.length - stale, stale };
}
