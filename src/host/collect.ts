// Plays a tape once, from its start to its end, and gathers what an export wants of it. In slices, so that the page
// sees how far it is; in a player of its own, so that nothing that is shown moves.

import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { type ExportKind, makeRunExport } from '../sim/run-export.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { makePlayer } from './player.ts';

/** Wall ms of simulation between two reports. */
const SLICE_MS = 40;

/** The text of the export; a tape without an end is played to its last action. Throws with line and reason. */
export async function collectRun(
  text: string,
  kind: ExportKind,
  report: (done: number, of: number) => void,
): Promise<string> {
  const parsed = parseTape(text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const made = setupRun(parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { header, actions } = parsed.tape;
  const end = header.end?.at ?? actions[actions.length - 1]?.at ?? (0 as Time);
  const { engine, preset, seed } = header;
  const out = makeRunExport(kind, { engine, preset, seed });
  const player = makePlayer(made.setup, await loadSqlEdge(), { cacheBytes: 0 });
  player.onEvents = (events) => out.add(events);
  while (!player.run(end, SLICE_MS)) {
    report(player.now(), end);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return out.finish();
}
