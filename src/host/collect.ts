// Plays a tape once, from its start, and gathers what an export or a structure check of its pages wants. In slices, so that the page
// sees how far it is; in a player of its own, so that nothing that is shown moves.

import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { type ExportKind, makeRunExport, type RunExport } from '../run-model/exports/run-export.ts';
import type { FsckReport } from '../sim/fsck/findings.ts';
import { fsck } from '../sim/fsck/fsck.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { TapeHeader } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { makePlayer, type Player } from './player.ts';

/** Wall ms of simulation between two reports. */
const SLICE_MS = 40;

type Report = (done: number, of: number) => void;

/** Plays the tape to a time, or to its end; without an end to its last action. Throws with line and reason. */
async function playTape(
  text: string,
  until: Time | null,
  report: Report,
  begin: (player: Player, head: TapeHeader) => void,
): Promise<Player> {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { header, actions } = parsed.tape;
  const end = until ?? header.end?.at ?? actions[actions.length - 1]?.at ?? (0 as Time);
  const player = makePlayer(made.setup, await loadSqlEdge(), { cacheBytes: 0 });
  begin(player, header);
  while (!player.run(end, SLICE_MS)) {
    report(player.now(), end);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return player;
}

/** The text of the export. */
export async function collectRun(text: string, kind: ExportKind, report: Report): Promise<string> {
  let out: RunExport | null = null;
  await playTape(text, null, report, (player, { engine, preset, seed }) => {
    const made = makeRunExport(kind, { engine, preset, seed });
    out = made;
    player.onEvents = (events) => made.add(events);
  });
  return present<RunExport>(out, 'the export').finish();
}

/** The structure of every volume's pages at a time of the tape; none: no volume can be read as a whole then. */
export async function checkRunPages(text: string, at: Time, report: Report): Promise<FsckReport[]> {
  const player = await playTape(text, at, report, () => undefined);
  return player.pages().map(fsck);
}
