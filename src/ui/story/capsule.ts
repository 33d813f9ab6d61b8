// A capsule: the tape, the rule that was violated and the last events, as text that a person can send and a machine can
// run again.

import type { Lab } from '../../lab/api.ts';
import { decodeTape } from '../../lab/share.ts';
import type { ListedEvent, ViolationFrame } from '../../sim/frame.ts';
import { routeStore } from '../../state/route-store.ts';
import { millis } from '../kit/format.ts';
import { findRule } from '../rules/registry.ts';

const TAIL = 40;

/** What is replayed came with the link; the live cluster writes its own tape. */
async function tapeOf(lab: Lab): Promise<string> {
  const shared = routeStore.getState().params.get('r');
  if (lab.run().mode === 'REPLAY' && shared !== undefined) {
    const link = decodeTape(shared);
    if (link.ok) return link.tape;
  }
  return lab.exportTape();
}

export async function capsuleText(
  lab: Lab,
  violation: ViolationFrame,
  events: readonly ListedEvent[],
): Promise<string> {
  const tape = await tapeOf(lab);
  const rule = findRule(violation.rule);
  const tail = events
    .filter(({ at }) => at <= violation.at)
    .slice(-TAIL)
    .map(({ index, at, node, event }) => JSON.stringify({ index, at, node, ...event }));
  return [
    `violated ${violation.rule} (${rule?.ids.join(', ') ?? ''}) at ${millis(violation.at)} ms ${violation.node ?? ''}`,
    violation.message,
    '',
    '--- tape',
    tape.trimEnd(),
    '',
    `--- the last ${tail.length} events before it`,
    ...tail,
    '',
  ].join('\n');
}
