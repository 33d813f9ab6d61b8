// What a person does to a what-if twin: tape actions and statements, taken at the time where it stands. The past of the
// run it came from stays as it is.

import type { NodeId } from '../base/ids.ts';
import { checkAction } from '../sim/tape-check.ts';
import { parseAction } from '../sim/tape-parse.ts';
import { printLine, printMs } from '../sim/tape-print.ts';
import type { OutReply } from '../sim/types.ts';
import type { Strands } from './strands.ts';

type TwinActed =
  | { readonly ok: true; readonly at: number; readonly line: string }
  | { readonly ok: false; readonly error: string };

export function actOnTwin(strands: Strands, line: string): TwinActed {
  if (strands.shownId() === 'main') return { ok: false, error: 'the past does not change: fork it first' };
  const player = strands.shown();
  const parsed = parseAction(`${printMs(player.now())} ${line}`);
  if ('error' in parsed) return { ok: false, error: parsed.error };
  const { cluster, params } = player.setup.spec;
  const refusal = checkAction(parsed, cluster, params);
  if (refusal !== null) return { ok: false, error: refusal };
  strands.forgetDifference();
  const { action } = player.act({ ...parsed, at: player.now() });
  return { ok: true, at: action.at, line: printLine(action) };
}

interface Statement {
  readonly session: string;
  readonly text: string;
}

/** `wait` lets some time pass, virtual or of the wall, between two looks for the answer. */
export async function sqlOnTwin(
  strands: Strands,
  { session, text }: Statement,
  wait: () => Promise<void>,
): Promise<{ readonly result: OutReply['result']; readonly latencyUs: number }> {
  if (strands.shownId() === 'main') throw new Error('the past does not change: fork it first');
  const player = strands.shown();
  const node = player.setup.spec.cluster.nodes.find(({ roles }) => roles.includes('driver'))?.id;
  if (node === undefined) throw new Error('there is no driver');
  strands.forgetDifference();
  const { action, requestId } = player.act({
    kind: 'sql',
    at: player.now(),
    node: node as NodeId,
    session,
    text,
    params: [],
  });
  const replies: OutReply[] = [];
  const previous = player.onReply;
  player.onReply = (one) => {
    previous?.(one);
    if (one.requestId === requestId) replies.push(one);
  };
  for (;;) {
    const [answer] = replies;
    if (answer !== undefined) return { result: answer.result, latencyUs: answer.at - action.at };
    if (!player.actions().includes(action)) throw new Error('the statement was taken back');
    await wait();
  }
}
