// What a tape contains, told before it is run or copied.

import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import type { TapeOpened } from './api.ts';

export function previewTape(text: string): TapeOpened {
  const parsed = parseTape(text);
  if (!parsed.ok) return { ok: false, line: parsed.line, error: parsed.error };
  const { header, actions } = parsed.tape;
  const setup = setupRun(parsed.tape);
  if (!setup.ok) return { ok: false, line: 1, error: setup.error };
  const last = actions[actions.length - 1];
  return {
    ok: true,
    preview: {
      preset: header.preset,
      seed: header.seed,
      actions: actions.length,
      sqlStatements: actions.filter((action) => action.kind === 'sql').length,
      durationMs: Math.max(header.end?.at ?? 0, last?.at ?? 0) / 1000,
      endHash: header.end?.hash ?? null,
    },
  };
}
