// A store that was away while the load went on at full speed fills its holes in windows, under a load that goes on; who
// commits meanwhile feels nothing of it (presets.md, catch-up of a store; the same with a million records is a bench).

import { expect, test } from 'vitest';
import type { TapeRun } from './tape-fixture.ts';
import { eventsIn, runTapeText } from './tape-fixture.ts';

const CALM_FROM = 300_000;
const AWAY_FROM = 1_300_000;
const BACK_AT = 1_700_000;
const UNTIL = 2_700_000;
const LEAST_MISSED = 25_000;

const TAPE = `postdb-tape 1
engine 0.1.0
preset bench-p1
profile bench
set holdMaxMs 600000
seed 7

0.000 workload d1 kind=kv-insert rows=0 clients=64 thinkUs=0 ratePerSecond=1250 readPercent=0 hotPercent=0 valueBytes=200 load=true
${AWAY_FROM / 1000}.000 isolate store-3
${AWAY_FROM / 1000}.000 workloadSet d1 ratePerSecond=0
${BACK_AT / 1000 - 100}.000 workloadSet d1 ratePerSecond=1250
${BACK_AT / 1000}.000 healAll
`;

/** From commit record to acknowledgement, virtual µs, of the commits acknowledged between two times. */
function latencies(run: TapeRun, from: number, to: number): number[] {
  const appendedAt = new Map<number, number>();
  const found: number[] = [];
  for (const { event, at } of run.trace) {
    if (event.kind === 'mtr.append' && event.commit) appendedAt.set(event.end - 1, at);
    const since = event.kind === 'commit.ack' ? appendedAt.get(event.scn) : undefined;
    if (since !== undefined && at >= from && at < to) found.push(at - since);
  }
  return found.sort((a, b) => a - b);
}

const p99 = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;

test('HOLE-21 HOLE-24 HOLE-27 a store that missed many records catches up in windows; commits go on at the same pace', async () => {
  const run = await runTapeText(TAPE, UNTIL / 1000);
  expect(run.monitors.violations).toEqual([]);
  const tailAt = (time: number): number =>
    run.trace.reduce(
      (tail, { event, at }) => (event.kind === 'mtr.append' && at < time ? event.end - 1 : tail),
      0,
    );
  const missed = tailAt(BACK_AT) - tailAt(AWAY_FROM);
  expect(missed).toBeGreaterThan(LEAST_MISSED);

  const filled = eventsIn(run, 'hole.fill', 'store-3');
  expect(filled.reduce((sum, { first, end }) => sum + end - first, 0)).toBeGreaterThanOrEqual(missed);
  const caughtUp = run.trace.find(
    ({ event, at, node }) =>
      node === 'store-3' && at > BACK_AT && event.kind === 'mark.scl' && event.value >= tailAt(BACK_AT),
  );
  expect(caughtUp).toBeDefined();

  const asked = eventsIn(run, 'hole.sent', 'store-3');
  expect(Math.max(...asked.map(({ first, end }) => end - first))).toBeLessThanOrEqual(1024); // maxReqSpan
  expect(asked.length).toBeGreaterThan(missed / 1024 - 1);
  // maxInflightPerPeer requests at each of two peers, at most.
  let live = 0;
  let most = 0;
  const open = new Map<number, number>();
  for (const { event, node } of run.trace) {
    if (node !== 'store-3') continue;
    if (event.kind === 'hole.sent') open.set(event.counter, event.end);
    else if (event.kind === 'hole.timeout') open.delete(event.counter);
    else if (event.kind === 'hole.fill' && event.end >= (open.get(event.counter) ?? 0))
      open.delete(event.counter);
    live = open.size;
    most = Math.max(most, live);
  }
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(8);

  const calm = latencies(run, CALM_FROM, AWAY_FROM);
  const disturbed = latencies(run, BACK_AT, UNTIL);
  expect(Math.min(calm.length, disturbed.length)).toBeGreaterThan(1000);
  expect(p99(disturbed)).toBeLessThanOrEqual(1.2 * p99(calm));
});
