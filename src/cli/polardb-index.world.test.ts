// LogIndex of `polardb` that is not whole when a writer begins (docs/spec/logindex.md LI-28): a planted bug names a table before it is written,
// a crash comes between, and the next writer makes LogIndex anew from WAL.

import { describe, expect, test } from 'vitest';
import { polardbMutants } from '../stacks/polardb/mutants.ts';
import { isDeep } from '../testing/depth.ts';
import { runMutantTape } from './pcs-fixture.ts';
import { eventsIn } from './tape-fixture.ts';

describe.runIf(isDeep)('a table of LogIndex that is damaged', () => {
  test('LI-28 LI-27 is found by the writer that begins, LogIndex is made anew, and every page is read whole', async () => {
    const mutant = polardbMutants.find(({ id }) => id === 'M34');
    if (mutant?.tape === undefined) throw new Error('no tape of M34');
    const one = await runMutantTape(mutant.tape, mutant.name);
    expect(new Set(one.monitors.violations.map(({ rule }) => rule))).toEqual(new Set(['logidx.saved-whole']));
    const rebuilt = one.trace.findIndex(({ event }) => event.kind === 'index.rebuilt');
    expect(rebuilt).toBeGreaterThan(0);
    const after = one.trace.slice(rebuilt);
    expect(after.filter(({ event }) => event.kind === 'ro.ready').length).toBeGreaterThan(2);
    expect(after.filter(({ event }) => event.kind === 'ro.replayed').length).toBeGreaterThan(20);
    expect(eventsIn(one, 'page.damaged')).toEqual([]);
  });
});
