// Power cuts aimed at each step of an exchange of chunk replicas (docs/spec/polarfs.md FS-76, FS-77): the run is made once, then again for each
// of its steps, in which the node that took the step loses its power right then, or the metadata's leader does.

import { expect, test } from 'vitest';
import type { TraceKind } from '../core/kernel/trace.ts';
import { drawn } from '../testing/depth.ts';
import { inOrder, lastAnswer, readBack, runPolardb, WHOLE } from './polardb-fixture.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';

/** A server comes in, gets chunks, and another leaves; it is ordered again in case nobody led the metadata when it was ordered first. */
const EXCHANGE = ['300.000 addNode cs-4 chunk a', '420.000 offline cs-1', '620.000 offline cs-1'];
const DOWN_MS = 12;
const UNTIL_MS = 1500;

const STEPS: ReadonlySet<TraceKind> = new Set([
  'chunk.move',
  'chunk.invited',
  'chunk.admitted',
  'chunk.members',
  'chunk.left',
] as const);

interface Step {
  readonly kind: TraceKind;
  readonly node: string;
  readonly at: number;
}

const stepsOf = ({ trace }: Pick<TapeRun, 'trace'>): Step[] =>
  trace.flatMap(({ at, node, event: { kind } }) =>
    at > 300_000 && STEPS.has(kind) ? [{ kind, node, at }] : [],
  );

const runWith = (lines: readonly string[]): ReturnType<typeof runPolardb> =>
  runPolardb(inOrder([...EXCHANGE, ...lines, readBack(UNTIL_MS - 100)]), UNTIL_MS);

/** So many of them, spread over the run; each kind of step at least once. */
function spread(steps: readonly Step[], count: number): readonly Step[] {
  const firsts = steps.filter(({ kind }, i) => steps.findIndex((one) => one.kind === kind) === i);
  const every = Math.max(1, Math.floor(steps.length / count));
  const chosen = new Set([...firsts, ...steps.filter((_, i) => i % every === 0)]);
  return steps.filter((step) => chosen.has(step));
}

test('FS-76 FS-77 FS-79 whoever takes a step of an exchange may lose its power right then', async () => {
  const plain = await runWith([]);
  expect(plain.monitors.violations).toEqual([]);
  const steps = stepsOf(plain);
  expect(new Set(steps.map(({ kind }) => kind))).toEqual(STEPS);
  const chosen = spread(steps, drawn(1, 60));
  expect(chosen.length).toBeGreaterThanOrEqual(STEPS.size);
  let met = 0;
  for (const { kind, node, at } of chosen) {
    const name = `${kind} of ${node} at ${at}`;
    // the step is made, and what it sends is on its way
    const one = await runWith([`${((at + 1) / 1000).toFixed(3)} crash ${node} for ${DOWN_MS}.000 ms`]);
    expect(one.monitors.violations, name).toEqual([]);
    expect(lastAnswer(one), name).toBe(WHOLE);
    expect(
      eventsIn(one, 'node.removed').map((event) => event.node),
      name,
    ).toEqual(['cs-1']);
    if (one.trace.some((event) => event.node === node && event.at > at && event.event.kind === 'node.down'))
      met++;
  }
  expect(met).toBe(chosen.length);
});
