// A line that a button does: a statement of a session whose answers the console keeps goes through the console.

import type { Lab } from '../../lab/api.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { tapes } from '../../stacks/tapes.ts';
import { sendThrough } from '../../state/sent-statements.ts';
import { failureText } from '../i18n/refusal-text.ts';

/** Why not, in the language of the page; null: it is done. */
export async function sendLine(lab: Lab, line: string): Promise<string | null> {
  const action = parseAction(tapes, `0.000 ${line}`);
  if (!('error' in action) && action.kind === 'sql') {
    const { session, node: driver, text } = action;
    if (sendThrough(lab, { session, driver, text }) !== null) return null;
  }
  const result = await lab.act(line);
  return result.ok ? null : failureText(result);
}
