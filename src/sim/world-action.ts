// The action of the tape that an event `world.action` names.

import type { TraceOf } from '../core/kernel/trace.ts';
import type { TapeAction, TapeTables } from './tape-actions.ts';
import { parseAction } from './tape-parse.ts';

/** The action that a `world.action` event names, or null when it is not of this version. */
export function actionOf(tables: TapeTables, event: TraceOf<'world.action'>): TapeAction | null {
  const action = parseAction(tables, `0.000 ${event.text}`);
  return 'error' in action ? null : action;
}
