// Whether a line of a tape can be done now, by the entries of the registry that do the same to the same node, and why not. What no entry
// does may always be tried: the lab answers it.

import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { tapes } from '../../stacks/tapes.ts';
import type { FaultContext } from './entry.ts';
import { entriesFor } from './registry.ts';

export interface LineRefusal {
  readonly node: string;
  /** It is down, or only the entry does not offer it now. */
  readonly why: 'down' | 'notNow';
}

/** The node that an action is done to. */
const nodeOf = (action: object): string | null =>
  'node' in action && typeof action.node === 'string' ? action.node : null;

export function refusalOf(frame: WorldFrame, line: string): LineRefusal | null {
  const action = parseAction(tapes, `0.000 ${line}`);
  if ('error' in action) return null;
  const node = nodeOf(action);
  if (node === null) return null;
  const context: FaultContext = { frame, subject: { kind: 'node', id: node }, selection: [] };
  const alike = entriesFor(context).filter((entry) => {
    const effect = entry.effect(context);
    return effect.kind === 'act' && effect.action.kind === action.kind;
  });
  if (alike.length === 0 || alike.some((entry) => entry.enabled(context))) return null;
  const isDown = frame.nodes.find(({ id }) => id === node)?.status === 'down';
  return { node, why: isDown ? 'down' : 'notNow' };
}
