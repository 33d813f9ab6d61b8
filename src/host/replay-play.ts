// Time passes in what the replay worker shows: at the wall's pace, or as fast as possible until a condition holds.

import type { Time } from '../base/ids.ts';
import { messageOf } from '../base/thrown.ts';
import { readCondition } from '../run-model/facts/condition.ts';
import { untilLimit } from '../run-model/facts/watch.ts';
import { known } from '../stacks/known.ts';
import { allowedUntil, tie } from './pacing.ts';
import { FRAME_MS, isMainShown, pause, type ReplayCore, SLICE_MS, shownPlayer } from './replay-core.ts';
import { checkEnd, checkStamps, reportDivergence, show, tell } from './replay-screen.ts';
import type { UntilEnd, UntilResult } from './run-requests.ts';
import { yieldToMessages } from './yield-to-messages.ts';

/** Goes on playing from where it stands, in place of the play that is under way. */
export function startPlay(core: ReplayCore): void {
  tie(core.pacing, shownPlayer(core).now(), performance.now());
  core.plays++;
  play(core, core.plays).catch((thrown: unknown) => onThrown(core, messageOf(thrown)));
}

async function play(core: ReplayCore, own: number): Promise<void> {
  const player = shownPlayer(core);
  while (core.playing && own === core.plays && shownPlayer(core) === player) {
    const now = performance.now();
    const limit = Math.min(player.end(), allowedUntil(core.pacing, player.now(), now)) as Time;
    const reached = player.run(limit, SLICE_MS);
    checkStamps(core);
    if (reached && limit >= player.end()) {
      core.playing = false;
      await show(core);
      checkEnd(core);
      break;
    }
    if (core.gate.isOpen(false)) await show(core);
    await pause(FRAME_MS);
  }
  if (own === core.plays) tell(core);
}

async function onThrown(core: ReplayCore, detail: string): Promise<void> {
  const { loaded } = core;
  core.playing = false;
  if (loaded?.stop?.error.detail === detail && isMainShown(core)) {
    // The engine stops again by itself, at the very input.
    loaded.stop = { ...loaded.stop, at: shownPlayer(core).now() };
    await show(core);
    return;
  }
  reportDivergence(core, detail);
  tell(core);
}

/** At full speed until a condition holds; a pause cancels. */
export async function runUntil(core: ReplayCore, text: string): Promise<UntilResult> {
  const player = shownPlayer(core);
  const read = readCondition(known, text, player.fabric().cluster, player.recorder().monitors.volumes);
  if (!read.ok) return read;
  core.plays++; // what played before would go on to where the wall says it should be
  core.playing = true;
  const watch = player.watch(read.value);
  const limit = untilLimit(read.value, player.now(), player.end()) as Time;
  let end: UntilEnd | null = null;
  try {
    while (end === null) {
      end = player.runUntil(watch, limit, SLICE_MS);
      if (core.gate.isOpen(true)) await show(core);
      await yieldToMessages();
      if (end === null && !core.playing) end = 'cancelled';
    }
  } finally {
    core.playing = false; // also where the engine throws
  }
  await show(core);
  return { ok: true, end, at: player.now() };
}
