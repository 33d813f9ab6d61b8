// Draws one seed's scenario: configuration from the `sweep` column (PRE-5, PRE-6), a load on few hot keys, and faults
// as a swarm (each kind on with probability one half, few and long or many and short). Then everything is healed, the
// load goes on for a while, stops, all power is cut, and every key is read once more. All of it is on the tape.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec, WorkloadSpec } from '../../core/door.ts';
import type { Params } from '../../core/params.ts';
import { checkTogether, makeParams, parameters, roundTripUs } from '../../presets/parameters.ts';
import type { Preset } from '../../presets/topologies.ts';
import { ENGINE } from '../run-setup.ts';
import type { Tape } from '../tape.ts';
import type { LinkTarget, TapeAction } from '../tape-actions.ts';
import { makeTape } from '../tape-run.ts';

/** Virtual µs after the chaos: progress with the load on, convergence without it, the power cut, the last reads. */
const PHASES = {
  progressUs: 10_000_000,
  convergeUs: 10_000_000,
  rereadUs: 5_000_000,
  endUs: 30_000_000,
} as const;
/** Sessions of the last reads, and the tables they read. */
export const LAST_READS = [
  { session: 'last-registers', text: 'SELECT k, v FROM registers ORDER BY k' },
  { session: 'last-accounts', text: 'SELECT count(*), sum(balance) FROM accounts' },
] as const;
const DRAW_ATTEMPTS = 1000;

export interface Scenario {
  readonly tape: Tape;
  readonly healAt: Time;
  readonly stopAt: Time;
  readonly cutAt: Time;
  readonly endAt: Time;
  readonly registers: number;
  readonly accounts: number;
}

export function drawScenario(
  preset: Preset,
  seed: number,
  chaosUs: number,
  broken: readonly string[],
): Scenario {
  const prng = makePrng(seed, 'scenario');
  // Half of the seeds have more pages than buffer frames, so that pages leave the buffer and are read again.
  const isPaged = nextChance(prng, 1, 2);
  const frames = nextBetween(prng, 36, 64);
  const changes = drawChanges(prng).map(
    (change): Change => (isPaged && change[0] === 'bufferPages' ? ['bufferPages', frames] : change),
  );
  const healAt = chaosUs as Time;
  const params = makeChanged(changes);
  const stopAt = (healAt + PHASES.progressUs) as Time;
  const cutAt = (stopAt + PHASES.convergeUs) as Time;
  const endAt = (cutAt + PHASES.endUs) as Time;
  const driver = nodeWith(preset.cluster, 'driver');
  const registers = nextBetween(prng, 5, 8);
  const accounts = nextBetween(prng, 10, 40);
  const actions: TapeAction[] = [
    ...drawLoads(prng, driver, registers, accounts, isPaged),
    ...drawFaults(prng, preset.cluster, params, chaosUs),
    ...healing(preset.cluster, healAt),
    { kind: 'workloadStop', at: stopAt, node: driver, name: 'registers' },
    { kind: 'workloadStop', at: stopAt, node: driver, name: 'transfers' },
    ...(isPaged ? [{ kind: 'workloadStop', at: stopAt, node: driver, name: 'pages' } as const] : []),
    ...cutEverything(preset.cluster, cutAt),
    ...LAST_READS.map(
      ({ session, text }): TapeAction => ({
        kind: 'sql',
        at: (cutAt + PHASES.rereadUs) as Time,
        node: driver,
        session,
        text,
        params: [],
      }),
    ),
  ];
  actions.sort((a, b) => a.at - b.at);
  const tape = makeTape(preset, { engine: ENGINE, profile: 'sweep', seed, changes, broken, actions });
  return {
    tape: { ...tape, header: { ...tape.header, end: { at: endAt, hash: null } } },
    healAt,
    stopAt,
    cutAt,
    endAt,
    registers,
    accounts,
  };
}

const nodeWith = (cluster: ClusterSpec, role: 'driver' | 'compute' | 'meta'): NodeId =>
  cluster.nodes.find((node) => node.roles.includes(role))?.id ?? ('' as NodeId);

type Change = readonly [name: string, value: number];

function makeChanged(changes: readonly Change[]): Params {
  const made = makeParams('sweep', changes);
  if (!made.ok) throw new Error(made.error);
  return made.params;
}

/** Draws until the parameters fit together; PRE-6 says when they do. */
function drawChanges(prng: Prng): Change[] {
  for (let attempt = 0; attempt < DRAW_ATTEMPTS; attempt++) {
    const changes = drawOnce(prng);
    const made = makeParams('sweep', changes);
    if (made.ok && checkTogether(made.params) === null) return changes;
  }
  return [];
}

function drawOnce(prng: Prng): Change[] {
  const start = makeParams('sweep');
  if (!start.ok) throw new Error(start.error);
  const values = new Map<string, number>(Object.entries(start.params));
  const changes: Change[] = [];
  for (const { name, sweep, min, max } of parameters) {
    if (sweep.kind === 'fixed') continue;
    const value = Math.min(max, Math.max(min, drawValue(prng, sweep, values)));
    values.set(name, value);
    changes.push([name, value]);
  }
  return changes;
}

function drawValue(
  prng: Prng,
  sweep: (typeof parameters)[number]['sweep'],
  values: ReadonlyMap<string, number>,
): number {
  const rttMs = Math.ceil(roundTripUs(Object.fromEntries(values) as unknown as Params) / 1000) + 1;
  switch (sweep.kind) {
    case 'range':
      return drawLog(prng, sweep.low, sweep.high);
    case 'choice':
      return sweep.values[nextBelow(prng, sweep.values.length)] ?? 0;
    case 'rtt':
      return Math.max(sweep.least, nextBetween(prng, sweep.low * rttMs, sweep.high * rttMs));
    case 'times':
      return (values.get(sweep.of) ?? 1) * sweep.factor;
    case 'fromFloor': {
      const floor = values.get('latencyFloorUs') ?? 0;
      return drawLog(prng, floor, Math.max(floor, sweep.high));
    }
    case 'fixed':
      return 0;
  }
}

/** Log-uniform, so that small values are as likely as large ones: first the magnitude, then the value in it. */
function drawLog(prng: Prng, low: number, high: number): number {
  if (high <= low) return low;
  let octaves = 0;
  for (let span = Math.max(1, low); span < high; span *= 2) octaves++;
  const from = Math.max(low, Math.max(1, low) * 2 ** nextBelow(prng, octaves));
  return nextBetween(prng, low === 0 && nextChance(prng, 1, 8) ? 0 : from, Math.min(high, from * 2));
}

function drawLoads(
  prng: Prng,
  driver: NodeId,
  registers: number,
  accounts: number,
  isPaged: boolean,
): TapeAction[] {
  const base: WorkloadSpec = {
    kind: 'register',
    rows: registers,
    clients: nextBetween(prng, 7, 12),
    thinkUs: drawLog(prng, 30_000, 150_000),
    ratePerSecond: 0,
    readPercent: nextBetween(prng, 30, 60),
    hotPercent: 50,
    valueBytes: 0,
    load: true,
  };
  const transfers: WorkloadSpec = {
    ...base,
    kind: 'transfer',
    rows: accounts,
    clients: nextBetween(prng, 1, 3),
    readPercent: 20,
  };
  return [
    { kind: 'workload', at: 0 as Time, node: driver, name: 'registers', spec: base },
    { kind: 'workload', at: 0 as Time, node: driver, name: 'transfers', spec: transfers },
    ...(isPaged ? [drawPages(prng, driver, base)] : []),
  ];
}

/** Wide rows over many pages, read and written all over. */
function drawPages(prng: Prng, driver: NodeId, base: WorkloadSpec): TapeAction {
  const rows = nextBetween(prng, 300, 800);
  const spec: WorkloadSpec = {
    ...base,
    kind: 'ycsb-a',
    rows,
    clients: nextBetween(prng, 2, 5),
    hotPercent: 0,
    valueBytes: nextBetween(prng, 100, 300),
  };
  return { kind: 'workload', at: 0 as Time, node: driver, name: 'pages', spec };
}

// faults

interface FaultPlace {
  readonly prng: Prng;
  readonly cluster: ClusterSpec;
  readonly params: Params;
  readonly at: Time;
  /** How long a lasting fault lasts, µs. */
  readonly forUs: number;
}

type FaultMaker = (place: FaultPlace) => TapeAction[];

function drawFaults(prng: Prng, cluster: ClusterSpec, params: Params, chaosUs: number): TapeAction[] {
  const kinds = faultMakers.filter(() => nextChance(prng, 1, 2));
  const isFew = nextChance(prng, 1, 2);
  const gapUs = isFew ? nextBetween(prng, 3_000_000, 10_000_000) : nextBetween(prng, 500_000, 3_000_000);
  const longestUs = isFew ? 8_000_000 : 1_000_000;
  const actions: TapeAction[] = [];
  // Kinds that every seed has: a crash of the writer and of a store, and a cut.
  const always = [crashWriter, crashStore, cutStore, straggler, tearStore];
  let at = 1_000_000 + nextBelow(prng, gapUs);
  for (let i = 0; at < chaosUs; i++) {
    const makers = i % 2 === 0 || kinds.length === 0 ? always : kinds;
    const make = makers[nextBelow(prng, makers.length)];
    const forUs = drawLog(prng, 5_000, longestUs);
    if (make !== undefined) actions.push(...make({ prng, cluster, params, at: at as Time, forUs }));
    at += 1 + nextBelow(prng, 2 * gapUs);
  }
  return actions;
}

const storesOf = (cluster: ClusterSpec): NodeId[] =>
  cluster.nodes.filter((node) => node.roles.includes('store')).map((node) => node.id);
const pick = <T>(prng: Prng, items: readonly T[]): T => items[nextBelow(prng, items.length)] as T;
const pickStore = ({ prng, cluster }: FaultPlace): NodeId => pick(prng, storesOf(cluster));
/** Any node, the writer three times as likely as another. */
function pickNode({ prng, cluster }: FaultPlace): NodeId {
  const writer = nodeWith(cluster, 'compute');
  return pick(prng, [...cluster.nodes.map((node) => node.id), writer, writer]);
}

function pickLink(place: FaultPlace, isBothWays: boolean): LinkTarget {
  const { prng, cluster } = place;
  const from = pickNode(place);
  const to = pick(
    prng,
    cluster.nodes.map((node) => node.id).filter((id) => id !== from),
  );
  return { from: [from], to: [to], isBothWays };
}

const crashModeOf = (prng: Prng) => pick(prng, ['drawn', 'drawn', 'loseAll', 'tornLast'] as const);

const crashWriter: FaultMaker = ({ prng, cluster, at, forUs }) => [
  { kind: 'crash', at, node: nodeWith(cluster, 'compute'), mode: crashModeOf(prng), forUs },
];
const crashStore: FaultMaker = (place) => [
  { kind: 'crash', at: place.at, node: pickStore(place), mode: crashModeOf(place.prng), forUs: place.forUs },
];
const cutStore: FaultMaker = (place) => [
  {
    kind: 'cut',
    at: place.at,
    link: {
      from: [nodeWith(place.cluster, 'compute')],
      to: [pickStore(place)],
      isBothWays: nextChance(place.prng, 2, 3),
    },
    forUs: place.forUs,
  },
];

/**
 * One store is alone with the newest records when the writer dies, and hears of the recovery only afterwards: its
 * tail is annulled by a history it did not take part in.
 */
const straggler: FaultMaker = ({ prng, cluster, at }) => {
  const writer = nodeWith(cluster, 'compute');
  const alone = pick(prng, storesOf(cluster));
  const others = storesOf(cluster).filter((id) => id !== alone);
  const crashAt = (at + nextBetween(prng, 20_000, 150_000)) as Time;
  const downUs = nextBetween(prng, 5_000, 50_000);
  return [
    { kind: 'cut', at, link: { from: [writer], to: others, isBothWays: false }, forUs: crashAt - at },
    {
      kind: 'isolate',
      at: (crashAt - 1) as Time,
      nodes: [alone],
      forUs: downUs + nextBetween(prng, 300_000, 1_500_000),
    },
    { kind: 'crash', at: crashAt, node: writer, mode: 'drawn', forUs: downUs },
  ];
};

/** A store loses power while a slow disk still has writes to sync. */
const tearStore: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const node = pick(prng, storesOf(cluster));
  const crashAt = (at + nextBetween(prng, 30_000, 100_000)) as Time;
  return [
    { kind: 'diskStall', at, node, forUs: crashAt - at },
    { kind: 'crash', at: crashAt, node, mode: nextChance(prng, 2, 3) ? 'tornLast' : 'drawn', forUs },
  ];
};

const faultMakers: readonly FaultMaker[] = [
  ({ prng, cluster, at, forUs }) => [
    { kind: 'crash', at, node: nodeWith(cluster, 'meta'), mode: crashModeOf(prng), forUs },
  ],
  ({ prng, cluster, at, forUs }) => [
    { kind: 'crash', at, node: nodeWith(cluster, 'driver'), mode: crashModeOf(prng), forUs },
  ],
  // The writer and a store at once, and the writer again while it recovers.
  (place) => [
    ...crashWriter(place),
    ...crashStore({ ...place, at: (place.at + nextBelow(place.prng, 50_000)) as Time }),
  ],
  (place) => {
    const soon = (place.at + Math.min(place.forUs, 200_000) + nextBelow(place.prng, 60_000)) as Time;
    return [
      ...crashWriter({ ...place, forUs: Math.min(place.forUs, 200_000) }),
      ...crashWriter({ ...place, at: soon }),
    ];
  },
  (place) => [{ kind: 'freeze', at: place.at, node: pickNode(place), forUs: place.forUs }],
  (place) => [{ kind: 'isolate', at: place.at, nodes: [pickNode(place)], forUs: place.forUs }],
  (place) => {
    const all = place.cluster.nodes.map((node) => node.id);
    const left = all.filter(() => nextChance(place.prng, 1, 2));
    const right = all.filter((id) => !left.includes(id));
    return left.length === 0 || right.length === 0
      ? []
      : [{ kind: 'partition', at: place.at, sides: [left, right], forUs: place.forUs }];
  },
  (place) => [{ kind: 'cut', at: place.at, link: pickLink(place, false), forUs: place.forUs }],
  (place) => [
    {
      kind: 'hold',
      at: place.at,
      link: pickLink(place, nextChance(place.prng, 1, 2)),
      forUs: Math.min(place.forUs, 500_000),
    },
  ],
  (place) => [
    {
      kind: 'loss',
      at: place.at,
      link: pickLink(place, true),
      percent: nextBetween(place.prng, 1, 30),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'duplicate',
      at: place.at,
      link: pickLink(place, true),
      percent: nextBetween(place.prng, 1, 50),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'reorder',
      at: place.at,
      link: pickLink(place, true),
      percent: nextBetween(place.prng, 1, 50),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'corrupt',
      at: place.at,
      link: pickLink(place, true),
      percent: nextBetween(place.prng, 1, 20),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'latency',
      at: place.at,
      link: pickLink(place, true),
      baseUs: drawLog(place.prng, 5_000, 100_000),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'jitter',
      at: place.at,
      link: pickLink(place, true),
      jitterUs: drawLog(place.prng, 5_000, 50_000),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'slowCpu',
      at: place.at,
      node: pickNode(place),
      usPerInput: drawLog(place.prng, 10, 1_000),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'clock',
      at: place.at,
      node: pickNode(place),
      offsetUs: nextBetween(place.prng, -500_000, 500_000),
      forUs: place.forUs,
    },
  ],
  (place) => [
    {
      kind: 'diskSlow',
      at: place.at,
      node: pickStore(place),
      percent: drawLog(place.prng, 200, 5_000),
      forUs: place.forUs,
    },
  ],
  (place) => [{ kind: 'diskStall', at: place.at, node: pickStore(place), forUs: place.forUs }],
  (place) => [{ kind: 'diskFull', at: place.at, node: pickStore(place), forUs: place.forUs }],
  // A failed sync leaves the store's buffers unknown; it comes back by a restart.
  (place) => {
    const node = pickStore(place);
    const crashAt = (place.at + Math.min(place.forUs, 500_000) + 1) as Time;
    return [
      { kind: 'diskFailSync', at: place.at, node, forUs: Math.min(place.forUs, 500_000) },
      { kind: 'crash', at: crashAt, node, mode: 'drawn', forUs: 100_000 },
    ];
  },
];

/** Everything back to normal: faults that still last are ended by name. */
function healing(cluster: ClusterSpec, at: Time): TapeAction[] {
  return [
    { kind: 'healAll', at },
    ...cluster.nodes.flatMap(({ id }): TapeAction[] => [
      { kind: 'restart', at, node: id },
      { kind: 'resume', at, node: id },
      { kind: 'diskOk', at, node: id },
      { kind: 'clock', at, node: id, offsetUs: 0, forUs: null },
      { kind: 'slowCpu', at, node: id, usPerInput: 0, forUs: null },
    ]),
  ];
}

function cutEverything(cluster: ClusterSpec, at: Time): TapeAction[] {
  const restartAt = (at + 100_000) as Time;
  return cluster.nodes.flatMap(({ id }): TapeAction[] => [
    { kind: 'crash', at, node: id, mode: 'drawn', forUs: null },
    { kind: 'restart', at: restartAt, node: id },
  ]);
}
