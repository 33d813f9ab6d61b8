// The same tape without a browser: one process, memory disks. What the browser's workers and this come to must be equal.

import { loadSqlEdge } from '../../src/edge/sql-edge.ts';
import { setupRun } from '../../src/sim/run-setup.ts';
import type { Tape } from '../../src/sim/tape.ts';
import type { ActionOf } from '../../src/sim/tape-actions.ts';
import { parseTape } from '../../src/sim/tape-parse.ts';
import { hashDigests, makeWorld, type NodeDigest, runWorld, worldDigests } from '../../src/sim/world.ts';
import { known } from '../../src/stacks/known.ts';
import { programOf } from '../../src/stacks/programs.ts';
import { tapes } from '../../src/stacks/tapes.ts';

export interface HeadlessEnd {
  readonly hash: string;
  readonly nodes: readonly NodeDigest[];
  /** Where the run was not as a power cut on the tape had stamped it. */
  readonly divergences: readonly string[];
}

export function readTape(text: string): Tape {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  return parsed.tape;
}

/** Runs the tape from its start to the end written on it. */
export async function replayHeadless(text: string): Promise<HeadlessEnd> {
  const tape = readTape(text);
  const { end } = tape.header;
  if (end === null) throw new Error('the tape names no end');
  const result = setupRun(known, tape);
  if (!result.ok) throw new Error(result.error);
  const { spec, program } = result.setup;
  const world = makeWorld<unknown, unknown>(spec);
  runWorld(world, { program: programOf(program), edge: await loadSqlEdge(), tape: tapes }, { until: end.at });
  const nodes = worldDigests(world);
  return { hash: hashDigests(nodes), nodes, divergences: world.fabric.divergences };
}

export function powerCutsOf(text: string): readonly ActionOf<'powerCut'>[] {
  return readTape(text).actions.filter((action) => action.kind === 'powerCut');
}

/** True when the power cut found the storage nodes, which all write alike, at different points of the run. */
export function isUneven(cut: ActionOf<'powerCut'>): boolean {
  const stores = cut.stamps.filter(({ node }) => node.startsWith('store-'));
  return new Set(stores.map(({ until }) => until)).size > 1;
}
