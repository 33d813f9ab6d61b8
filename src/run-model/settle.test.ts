import { describe, expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { runWorld, worldHash } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { waitingFault } from './facts/waiting-fault.ts';
import { watchRun } from './picture/watched-run.ts';
import { beginSettling, settle, settled, settleTape } from './settle.ts';

const edge = await loadSqlEdge();

const tapeOf = (preset: string, ...lines: readonly string[]): Tape => {
  const text = ['postdb-tape 1', 'engine e', `preset ${preset}`, 'profile demo', 'seed 7', ...lines, ''].join(
    '\n',
  );
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`${parsed.line}:${parsed.column} ${parsed.error}`);
  return parsed.tape;
};
const load = (driver: string): string =>
  `0.000 workload ${driver} kind=kv-insert rows=0 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=20 load=true`;

/** A run of fixed times until then. */
function hashAt(tape: Tape, until: Time): string {
  const result = setupRun(known, tape);
  if (!result.ok) throw new Error(result.error);
  const { world, host } = watchRun(known, result.setup, edge, { preset: tape.header.preset });
  runWorld(world, host, { until });
  return worldHash(world);
}

describe('actions that wait for a condition', () => {
  test.each([
    ['cynosdb', 'd1', 'store-2'],
    ['postdb-v4', 'd1', 'n2'],
    ['polardb', 'd1', 'ro-1'],
  ])('%s: each is done once, and the tape of fixed times plays the same run', (preset, driver, node) => {
    const tape = tapeOf(
      preset,
      load(driver),
      `0.000 when "commits >= 5" crash ${node} for 6.000 ms`,
      `0.000 when "commits >= 9" freeze ${node} for 2.000 ms`,
      '0.000 when "commits >= 1000000" healAll',
    );
    const settling = beginSettling(known, edge, tape);
    settle(known, settling, () => settling.waits.filter(({ at }) => at !== null).length === 2);
    const { tape: fixed, done, undone } = settled(settling);
    expect(done).toHaveLength(2);
    expect(undone).toEqual([9]);
    expect(fixed.actions.map(({ kind }) => kind)).toEqual(['workload', 'crash', 'freeze']);
    const { now } = settling.run.world.fabric;
    expect(hashAt(fixed, now)).toBe(worldHash(settling.run.world));
    const again = parseTape(tapes, printTape(tapes, fixed));
    if (!again.ok) throw new Error(again.error);
    expect(again.tape.actions).toEqual(fixed.actions);
    expect(again.tape.header.marks).toEqual(
      done.map(({ at, condition }) => ({ at, text: `when ${condition}` })),
    );
  });

  test('a fixed action behind stays, and one that waits begins to look at its own time', () => {
    const tape = tapeOf('cynosdb', load('d1'), '50.000 when "commits >= 1" healAll', '60.000 crash store-1');
    const { tape: fixed, done, undone } = settleTape(known, edge, tape);
    expect(undone).toEqual([]);
    expect(done[0]?.at).toBeGreaterThanOrEqual(50_000);
    expect(fixed.actions.map((action) => printLine(tapes, action)).at(-1)).toBe('60.000 crash store-1');
  });

  test('none comes about before the end of the tape: the tape is as it was', () => {
    const tape = tapeOf('cynosdb', 'end 20.000', '0.000 when "commits >= 5" crash store-1');
    const { tape: fixed, done, undone } = settleTape(known, edge, tape);
    expect([fixed.actions, done, undone, fixed.header.end?.at]).toEqual([[], [], [7], 20_000]);
  });

  test('a condition that cannot be read is refused at its column', () => {
    const tape = tapeOf('cynosdb', '0.000 when "commits >= 5 and SCL(store-9) > 3" crash store-1');
    expect(waitingFault(known, tape)).toMatchObject({ line: 6, column: 34 });
    expect(() => beginSettling(known, edge, tape)).toThrow(/line 6, column 34: no node “store-9”/);
  });

  test('where only fixed times are run it is refused by its line', () => {
    const tape = tapeOf('cynosdb', '0.000 when "commits >= 5" crash store-1');
    expect(setupRun(known, tape)).toMatchObject({ ok: false, error: expect.stringMatching(/^line 6 waits/) });
  });
});
