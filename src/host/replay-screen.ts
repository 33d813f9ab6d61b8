// Messages of the replay worker to the page: the shown branch's picture and events, the branch that it is held against,
// and whether the replay is what was recorded.

import type { NodeId, Time } from '../base/ids.ts';
import { ENGINE } from '../sim/engine.ts';
import type { BranchId } from './branches.ts';
import type { Difference } from './first-difference.ts';
import { isMainShown, type ReplayCore, SLICE_MS, shownPlayer } from './replay-core.ts';
import { failedBy } from './replay-error.ts';
import { inSlices, seekPlayer } from './replay-work.ts';

/** The engines of a branch that have stopped by this time: of the tape itself only. */
const failedIn = (
  { loaded }: ReplayCore,
  branch: BranchId | null,
  now: Time,
): ReadonlyMap<NodeId, string> | undefined =>
  branch === 'main' ? failedBy(loaded?.stop ?? null, now) : undefined;

export function tell(core: ReplayCore): void {
  const { branches } = core;
  const player = shownPlayer(core);
  core.post({
    kind: 'state',
    playing: core.playing,
    time: player.now(),
    end: player.end(),
    atEnd: player.now() >= player.end(),
    branches: branches.states(),
    shown: branches.shownId(),
    against: branches.againstId(),
  });
}

export async function show(core: ReplayCore): Promise<void> {
  const { branches, gate } = core;
  const player = shownPlayer(core);
  gate.onBegun();
  const failed = failedIn(core, branches.shownId(), player.now());
  core.post({ kind: 'frame', frame: core.frames.pack(player.frame(core.view, failed)) });
  gate.onSent();
  if (failed !== undefined) reportStop(core);
  const recorder = player.recorder();
  core.post({
    kind: 'events',
    ...core.events.take(recorder, core.pick),
    newEvents: core.newEventsFeed.take(recorder),
  });
  tell(core);
  if (branches.against() === null) return;
  await compare(core);
  tell(core);
}

/** The branch held against the shown one is played to the same time, and both are looked through for their difference. */
export async function compare(core: ReplayCore): Promise<void> {
  const { branches } = core;
  const other = branches.against();
  if (other === null) return;
  const time = shownPlayer(core).now();
  if (!(await seekPlayer(core, other, time))) return;
  const search = branches.difference();
  const difference =
    search === null
      ? null
      : await inSlices<Difference | 'none'>(core, {
          what: 'search',
          slice: () => search.lookTo(time, SLICE_MS),
          progress: () => ({ done: 0, of: 0 }),
        });
  const failed = failedIn(core, branches.againstId(), time);
  core.post({ kind: 'other', frame: other.frame(core.view, failed), difference });
}

/** Said once for a tape: here its run went wrong, and the replay of it ends. */
function reportStop({ loaded, post }: ReplayCore): void {
  if (loaded === null || loaded.stop === null || loaded.isStopReported) return;
  loaded.isStopReported = true;
  post({ kind: 'errorReached', error: loaded.stop.error });
}

/** Said with the event at which it shows; a replay that is another run does not go on silently. */
export function reportDivergence(core: ReplayCore, detail: string): void {
  const { loaded } = core;
  core.playing = false;
  if (loaded !== null) loaded.isDivergenceReported = true;
  const recorded = loaded?.tape.header.engine;
  core.post({
    kind: 'diverged',
    detail,
    first: shownPlayer(core).recorder().listed.at(-1) ?? null,
    engines: recorded === undefined ? null : [recorded, ENGINE],
  });
}

/** The verdict of a replay at its end: its hash against the one that the tape was saved with. */
export function checkEnd(core: ReplayCore): void {
  const { loaded } = core;
  const expected = loaded?.tape.header.end?.hash ?? null;
  if (loaded?.verify !== true || expected === null || !isMainShown(core)) return;
  const found = shownPlayer(core).hash();
  if (found !== expected) reportDivergence(core, `end hash ${found}, the tape says ${expected}`);
}

/** A power cut on the tape stamps every node's disk: the first stamp that does not fit ends the replay, once for a tape. */
export function checkStamps(core: ReplayCore): void {
  const { loaded } = core;
  if (loaded?.verify !== true || loaded.isDivergenceReported || !isMainShown(core)) return;
  const [first] = shownPlayer(core).lived().world.fabric.divergences;
  if (first !== undefined) reportDivergence(core, first);
}
