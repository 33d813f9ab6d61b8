// Summary of a tape before it is run or copied.

import { parseTape } from '../sim/tape-parse.ts';
import { runOfTape } from '../sim/tape-run.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import type { TapeOpened } from './api.ts';

export function previewTape(text: string): TapeOpened {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) return parsed;
  const { header, actions, waiting = [] } = parsed.tape;
  // The engine itself is not needed to say what a tape holds, and would make the page's first load too big.
  const run = runOfTape(presets, { header, actions });
  if (!run.ok) return { ok: false, line: 1, column: 1, error: run.error };
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
