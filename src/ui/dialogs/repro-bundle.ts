// Repro bundle of a failure in the shown run: its tape, the error with its place, the hash so far and the last events.

import type { Lab } from '../../lab/api.ts';
import { printReproBundle, type ReproError, type ReproHash } from '../../lab/repro-bundle.ts';
import { decodeTape } from '../../lab/share.ts';
import type { ListedEvent, ViolationFrame } from '../../run-model/picture/frame.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { tapes } from '../../stacks/tapes.ts';
import { routeStore } from '../../state/route-store.ts';

const TAIL = 120;

/** What is replayed came with the link; the live cluster writes its own tape. */
export async function tapeOf(lab: Lab): Promise<string> {
  const shared = routeStore.getState().params.get('r');
  if (lab.run().mode === 'REPLAY' && shared !== undefined) {
    const link = decodeTape(shared);
    if (link.ok) return link.tape;
  }
  return lab.exportTape();
}

/** A cluster that stopped may not be able to say it: then there is none. */
const hashOf = (lab: Lab): Promise<ReproHash | null> =>
  lab.endDigest().then(
    ({ hash, events, time, isOfTrace }) => ({ hash, events, time, isOfTrace: isOfTrace === true }),
    () => null,
  );

async function tailOf(lab: Lab, at: number): Promise<readonly string[]> {
  const query = {
    from: 0,
    to: at + 1,
    minRank: 0,
    kinds: null,
    withMessages: false,
    known: null,
    limit: TAIL,
  };
  const { events } = await lab.past(query);
  return events
    .filter((event) => event.at <= at)
    .slice(-TAIL)
    .map(({ index, at: time, node, event }: ListedEvent) =>
      JSON.stringify({ index, at: time, node, ...event }),
    );
}

async function bundleText(lab: Lab, error: ReproError): Promise<string> {
  const [tape, hash, trace] = await Promise.all([tapeOf(lab), hashOf(lab), tailOf(lab, error.at)]);
  const parsed = parseTape(tapes, tape);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const { engine, preset, seed } = parsed.tape.header;
  return printReproBundle({ engine, preset, seed, error, hash, tape, trace });
}

export const violationReproBundle = (
  lab: Lab,
  { rule, node, at, message }: ViolationFrame,
): Promise<string> => bundleText(lab, { kind: 'violation', node: node ?? '', at, rule, detail: message });

/** Of an engine that stopped: where, when as far as the picture knows, and what it said. */
export function engineReproBundle(lab: Lab, node: string, detail: string): Promise<string> {
  const frame = lab.frame();
  const failed = frame?.nodes.find(({ id }) => id === node);
  const at = failed?.status === 'failed' ? Math.max(failed.since, frame?.time ?? 0) : (frame?.time ?? 0);
  return bundleText(lab, { kind: 'engine', node, at, rule: '', detail });
}
