// A link shows a recorded picture only if its run passes it.

import { afterEach, expect, test, vi } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { recordKeyframe } from '../run-model/picture/keyframe.ts';
import { freshTape } from '../sim/run-setup.ts';
import { printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { pictureOfTape } from './tape-picture.ts';

const recorded = recordKeyframe(known, 'hook-hole', 7, await loadSqlEdge());
if ('error' in recorded) throw new Error(recorded.error);
const fresh = freshTape(presets, 'hook-hole', 7);
if ('error' in fresh) throw new Error(fresh.error);
const text = printTape(tapes, fresh);

vi.stubGlobal('fetch', async () => Response.json(recorded));
afterEach(() => vi.clearAllMocks());

test.each([
  ['as it begins', text, true],
  ['acted on after its boot', `${text}41.000 crash store-1\n`, true],
  ['acted on at the end of its boot', `${text}40.000 crash store-1\n`, false],
  ['acted on before', `${text}12.000 crash store-1\n`, false],
  ['with another seed', text.replace('seed 7', 'seed 8'), false],
  [
    'that ends before',
    printTape(tapes, { ...fresh, header: { ...fresh.header, end: { at: 9_000 as never, hash: null } } }),
    false,
  ],
  ['of a preset that there is not', text.replace('preset hook-hole', 'preset nothing'), false],
  ['that is no tape', 'nothing', false],
])('E13 the run %s', async (_, tape, isPictured) => {
  expect((await pictureOfTape(tape)) !== null).toBe(isPictured);
});
