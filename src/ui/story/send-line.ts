// A line that a button does: a statement of a session whose answers the console keeps goes through the console.

import type { ActResult, Lab } from '../../lab/api.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { tapes } from '../../stacks/tapes.ts';
import { sendThrough } from '../../state/sent-statements.ts';

type Sent = { readonly ok: true } | Extract<ActResult, { readonly ok: false }>;

export async function sendLine(lab: Lab, line: string): Promise<Sent> {
  const action = parseAction(tapes, `0.000 ${line}`);
  if ('error' in action || action.kind !== 'sql') return lab.act(line);
  const { session, node: driver, text } = action;
  return sendThrough(lab, { session, driver, text }) === null ? lab.act(line) : { ok: true };
}
