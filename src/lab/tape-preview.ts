// Summary of a tape before it is run or copied, and its opening in the place of what is shown.

import type { RecordedError } from '../host/replay-messages.ts';
import type { WaitingFault } from '../run-model/facts/waiting-fault.ts';
import { parseTape, type TapeResult } from '../sim/tape-parse.ts';
import { runOfTape } from '../sim/tape-run.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import type { TapeOpened } from './api.ts';
import { type LabCore, placeOf, type ReplayLink } from './lab-core.ts';

/** Conditions that it waits for are not read. */
type TapePreviewed = Extract<TapeOpened, { ok: true }> | Extract<TapeResult, { ok: false }>;

export function previewTape(text: string): TapePreviewed {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) return parsed;
  const { header, actions, waiting = [] } = parsed.tape;
  // The engine itself is not needed to say what a tape holds, and would make the page's first load too big.
  const run = runOfTape(presets, { header, actions });
  if (!run.ok) return { ok: false, line: 1, column: 1, error: run.error, why: run };
  const last = actions[actions.length - 1];
  return {
    ok: true,
    preview: {
      preset: header.preset,
      seed: header.seed,
      actions: actions.length + waiting.length,
      waiting: waiting.length,
      sqlStatements: actions.filter((action) => action.kind === 'sql').length,
      marks: header.marks,
      durationMs: Math.max(header.end?.at ?? 0, last?.at ?? 0) / 1000,
      endHash: header.end?.hash ?? null,
    },
  };
}

interface Opening {
  readonly text: string;
  readonly error: RecordedError | null;
  /** It can be read: what was loaded before is in no one's way any more. */
  readonly onOpen: () => void;
  /** It was given up on the way, or the worker could not load it. */
  readonly onFailed: () => void;
}

/** Loaded where something waits: few tapes do. */
async function conditionFault(text: string): Promise<WaitingFault | null> {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok || parsed.tape.waiting === undefined) return null;
  const [{ waitingFault }, { gauges }, { trace }] = await Promise.all([
    import('../run-model/facts/waiting-fault.ts'),
    import('../stacks/gauges.ts'),
    import('../stacks/trace.ts'),
  ]);
  return waitingFault({ gauges, presets, trace }, parsed.tape);
}

/** The tape is what is shown from here on, and plays. */
export async function openPreviewed(
  core: LabCore,
  replayLink: () => ReplayLink,
  { text, error, onOpen, onFailed }: Opening,
): Promise<TapeOpened> {
  const opened = previewTape(text);
  if (!opened.ok) return opened;
  const fault = await conditionFault(text);
  if (fault !== null) return { ok: false, ...fault };
  core.fabric?.tell({ kind: 'pause' });
  onOpen();
  core.past = { kind: 'replay', place: placeOf(core), marks: opened.preview.marks };
  core.notifyRun();
  try {
    await replayLink().ask((id) => ({ kind: 'load', id, text, seek: null, verify: true, error }));
  } catch (thrown) {
    onFailed();
    core.notifyRun();
    throw thrown;
  }
  core.openedTapes++;
  // What waited for a condition has its time now, and a mark.
  if (opened.preview.waiting > 0) {
    const settled = previewTape(await replayLink().ask<string>((id) => ({ kind: 'tape', id })));
    if (settled.ok && core.past.kind === 'replay') core.past = { ...core.past, marks: settled.preview.marks };
  }
  core.notifyRun();
  replayLink().tell({ kind: 'play', speed: core.replaySpeed });
  return opened;
}
