// For tests: the tape of a served cluster, played without its clients.

import { expect } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { setupRun } from '../../sim/run-setup.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { makeWorld, runWorld, worldHash } from '../../sim/world.ts';
import { known } from '../../stacks/known.ts';
import { programOf } from '../../stacks/programs.ts';
import { tapes } from '../../stacks/tapes.ts';

/** It comes to the hash that it says. */
export async function expectReplay(text: string): Promise<void> {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const { end } = parsed.tape.header;
  const result = setupRun(known, parsed.tape);
  if (!result.ok) throw new Error(result.error);
  const { spec, program } = result.setup;
  const world = makeWorld<unknown, unknown>(spec);
  const host = { program: programOf(program), edge: await loadSqlEdge(), tape: tapes };
  runWorld(world, host, { ...(end && { until: end.at }) });
  expect(worldHash(world)).toBe(end?.hash);
}
