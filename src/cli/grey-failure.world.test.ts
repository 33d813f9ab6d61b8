// Grey failure (docs/spec/failover.md FENCE-57): a writer that lives, beats and takes requests, but whose stores do not answer it.

import { expect, test } from 'vitest';
import { eventsIn, runTapeText } from './tape-fixture.ts';

const LOAD =
  '0.000 workload d1 main kind=transfer clients=2 rows=100 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const run = (preset: string, lines: readonly string[], untilMs: number, changes: readonly string[] = []) =>
  runTapeText(
    [
      ...['postdb-tape 1', 'engine 0.10.0', `preset ${preset}`, 'profile demo', ...changes, 'seed 7', ''],
      LOAD,
      ...lines,
    ].join('\n'),
    untilMs,
  );
type Run = Awaited<ReturnType<typeof run>>;

const chosen = (one: Run): string[] =>
  eventsIn(one, 'ha.candidate').map(({ candidate, why }) => `${candidate} ${why}`);
const ackers = (one: Run, fromMs: number): string[] => [
  ...new Set(
    one.trace.flatMap(({ node, at, event }) =>
      event.kind === 'commit.ack' && at > fromMs * 1000 ? [node] : [],
    ),
  ),
];

test.each([
  ['both ways', 'cut rw-1 | store-1 store-2'],
  ['only towards the stores', 'cut rw-1 > store-1 store-2'],
  ['only towards the writer', 'cut store-1 store-2 > rw-1'],
  ['to all of its stores', 'cut rw-1 | store-1 store-2 store-3'],
  ['one after the other', 'cut rw-1 | store-3'],
])(
  'FENCE-57 a writer cut off from its stores, %s, is replaced, and does not come back by itself',
  async (_, cut) => {
    const second =
      cut.endsWith('store-3') && !cut.includes('store-1')
        ? ['330.000 cut rw-1 | store-1 for 370.000 ms']
        : [];
    const one = await run('cynosdb-ha', [`300.000 ${cut} for 400.000 ms`, ...second], 1000);
    expect(one.monitors.violations).toEqual([]);
    expect(chosen(one)).toEqual(['rw-1 first', 'ha-1 cut off']);
    const [takenOver] = one.trace.filter(
      ({ event }) => event.kind === 'ha.candidate' && event.why === 'cut off',
    );
    const cutAt = second.length > 0 ? 330_000 : 300_000;
    expect((takenOver?.at ?? 0) - cutAt).toBeGreaterThanOrEqual(30_000); // failoverAfterMs of the demo profile
    expect((takenOver?.at ?? 0) - cutAt).toBeLessThan(60_000);
    expect(ackers(one, 400)).toEqual(['ha-1']);
    expect(ackers(one, 750)).toEqual(['ha-1']);
  },
);

test('FENCE-57 where no standby is answered either, nobody is granted a token, and the writer goes on when its stores answer', async () => {
  const one = await run('cynosdb-ha', ['300.000 cut rw-1 ha-1 | store-1 store-2 for 300.000 ms'], 900);
  expect(one.monitors.violations).toEqual([]);
  expect(chosen(one)).toEqual(['rw-1 first']);
  expect(ackers(one, 310)).toEqual(['rw-1']);
});

test('FENCE-57 a writer that is silent to two of its stores for less than failoverAfterMs stays', async () => {
  const one = await run(
    'cynosdb-ha',
    ['300.000 cut rw-1 | store-1 store-2 for 18.000 ms', '400.000 cut rw-1 | store-2 for 200.000 ms'],
    800,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(chosen(one)).toEqual(['rw-1 first']);
});

test('FENCE-57 a switchover from a writer that cannot drain ends in the takeover', async () => {
  const one = await run('cynosdb-ha', ['300.000 cut rw-1 | store-1 store-2', '304.000 switchover ha-1'], 700);
  expect(one.monitors.violations).toEqual([]);
  expect(eventsIn(one, 'ha.switch').map(({ state }) => state)).toEqual(['begin']);
  expect(chosen(one).slice(1)).toEqual(['ha-1 cut off']);
  expect(ackers(one, 400)).toEqual(['ha-1']);
});

test('FENCE-57 a promoted node that cannot reach the stores is replaced by one that can', async () => {
  const one = await run(
    'cynosdb-ha',
    ['290.000 cut ha-1 | store-1 store-2', '300.000 crash rw-1 for 60.000 ms'],
    900,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(chosen(one).slice(1)).toEqual(['ha-1 silent', 'rw-1 cut off']);
  expect(ackers(one, 600)).toEqual(['rw-1']);
});

test.each(['cynosdb', 'cynosdb-ro', 'cynosdb-pcs'])(
  'FENCE-57 in %s nobody else may write: the writer stays, and goes on',
  async (preset) => {
    const one = await run(preset, ['300.000 cut rw-1 | store-1 store-2 for 300.000 ms'], 900);
    expect(one.monitors.violations).toEqual([]);
    expect(eventsIn(one, 'token.grant').length).toBe(1);
    expect(ackers(one, 340).length).toBe(1);
    const late = one.trace.filter(
      ({ at, event }) => event.kind === 'commit.ack' && at > 340_000 && at < 600_000,
    );
    expect(late).toEqual([]);
  },
);

test('FENCE-57 FS-72 FS-82 in polardb a writer that reaches one chunk server of three gives up after the I/O timeout, and another node writes', async () => {
  const one = await run('polardb', ['300.000 cut rw-1 | cs-1 cs-2 for 3700.000 ms'], 4000);
  expect(one.monitors.violations).toEqual([]);
  expect(chosen(one).at(-1)).toMatch(/^ro-\d gave up$/);
  const [writer] = chosen(one).at(-1)?.split(' ') ?? [];
  expect(ackers(one, 3400)).toEqual([writer]);
});

test.each([
  ['hears nobody', 'cut n2 n3 > n1'],
  ['is heard by nobody', 'cut n1 > n2 n3'],
  ['neither', 'cut n1 | n2 n3'],
])('FENCE-57 in postdb-v4 a primary that is cut off from its peers, and %s, is replaced', async (_, cut) => {
  const one = await run('postdb-v4', [`400.000 ${cut} for 600.000 ms`], 1300);
  expect(one.monitors.violations).toEqual([]);
  expect(ackers(one, 300).sort()).toEqual(['n1', 'n2']);
  expect(ackers(one, 560)).toEqual(['n2']); // while the cut stands, and afterwards
});

test.each(['postdb-v4', 'cynosdb-ha'])(
  'FENCE-57 %s: a writer without work whose heartbeats are rare is not taken for one that is cut off (drawn postdb-v4 seed 9)',
  async (preset) => {
    const one = await run(preset, ['300.000 workloadStop d1 main'], 1500, ['set writerHeartbeatMs 60']);
    expect(one.monitors.violations).toEqual([]);
    expect(ackers(one, 100)).toHaveLength(1);
    expect(eventsIn(one, 'leader.lost')).toEqual([]);
    expect(eventsIn(one, 'ha.cutOff')).toEqual([]);
  },
);
