// Monitor of placement (docs/spec/placement.md §3, §4): at the end of a run, after healing and a calm, the planner has
// come to rest: nothing more is worth its while, and no change that it began is open.

import type { TraceOf } from '../../core/kernel/trace.ts';
import { isLate } from './metadata-log.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from './monitor.ts';

export const placementRules = {
  'placement.converges': {
    ids: ['PCS-66', 'PCS-70', 'PCS-75', 'PCS-79'],
    source: 'S000 扩容、缩容; PD',
    lens: 'placement',
  },
  'placement.leader-stays': {
    ids: ['PCS-41', 'PCS-52', 'PCS-69'],
    source: 'S000 写流程; PD',
    lens: 'placement',
  },
  'placement.hot-halves': {
    ids: ['PCS-74'],
    source: 'PD; CRDB',
    lens: 'placement',
  },
} as const;

interface Placement {
  /** By volume: who has it open. */
  readonly leaders: Map<string, string>;
  readonly volumes: Map<string, string>;
  /** By volume: where a hot group's keys are to be cut. */
  readonly cuts: Map<string, string>;
  /** Nodes that are to be drained. */
  readonly offline: Set<string>;
  /** What has happened since the planner was last at rest; null: it is, or nobody plans here. */
  since: string | null;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof placementRules> {}
  interface ClusterStates {
    placement: Placement;
  }
}

const awake = ({ node }: Check, m: Monitors, what: string): void => {
  if (!isLate(m, node)) m.placement.since = what;
};

function onMembers(c: Check, monitors: Monitors, m: TraceOf<'group.members'>): void {
  if (isLate(monitors, c.node)) return;
  const { volumes, leaders } = monitors.placement;
  const inSets = m.sets.split(/[|,]/);
  const leader = leaders.get(volumes.get(m.group) ?? '');
  expectRule(
    c,
    'placement.leader-stays',
    leader === undefined || inSets.includes(leader),
    () => `${m.group} has the members ${m.sets}, and ${leader} leads it`,
  );
}

/** Recomputed from what the primary reported: of boundaries that halve equally well the one of the smaller key. */
function onHot(c: Check, { placement: { cuts } }: Monitors, hot: TraceOf<'plan.hot'>): void {
  const keys: unknown = JSON.parse(hot.keys);
  const inner = Array.isArray(keys) ? keys.slice(1).map(String) : [];
  const total = hot.loads.reduce((sum, load) => sum + load, 0);
  const offs = inner.map((_, i) => {
    const below = hot.loads.slice(0, i + 1).reduce((sum, load) => sum + load, 0);
    return Math.abs(2 * below - total);
  });
  const least = Math.min(...offs);
  const best = 2 * least <= total ? (inner[offs.indexOf(least)] ?? '') : '';
  expectRule(
    c,
    'placement.hot-halves',
    hot.key === best,
    () =>
      `${hot.group} has ${total} requests by key, which "${best}" halves best, and is cut at "${hot.key}"`,
  );
  cuts.set(hot.volume, hot.key);
}

function onSplit(c: Check, { placement: { cuts } }: Monitors, split: TraceOf<'split.begin'>): void {
  const key = cuts.get(split.volume) ?? '';
  expectRule(
    c,
    'placement.hot-halves',
    split.why !== 'load' || (key !== '' && key === split.key),
    () => `${split.volume} is split by load at "${split.key}"; its load is halved at "${key}"`,
  );
}

/** An order that changes nothing wakes nobody. */
function onOffline(c: Check, m: Monitors, { node, isOffline }: TraceOf<'node.offline'>): void {
  const { offline } = m.placement;
  if (isLate(m, c.node) || offline.has(node) === isOffline) return;
  if (isOffline) offline.add(node);
  else offline.delete(node);
  awake(c, m, isOffline ? `${node} is to be drained` : `${node} is to be drained no longer`);
}

export const placement: ClusterModule<'placement'> = {
  scope: 'cluster',
  name: 'placement',
  rules: placementRules,
  make: () => ({
    leaders: new Map(),
    volumes: new Map(),
    cuts: new Map(),
    offline: new Set(),
    since: null,
  }),
  observe: {
    'group.made': (_, { placement: { volumes } }, { group, volume }) => void volumes.set(group, volume),
    'meta.writer': ({ node }, m, { volume, writer, state }) => {
      if (state === 'OPEN' && !isLate(m, node)) m.placement.leaders.set(volume, writer);
    },
    'volume.fence': ({ node }, m, { volume }) => {
      if (!isLate(m, node)) m.placement.leaders.delete(volume);
    },
    'group.members': onMembers,
    'plan.begin': (c, m, { group, why }) => awake(c, m, `${why} of ${group}`),
    'plan.hot': onHot,
    'split.begin': onSplit,
    'group.move.begin': (c, m, { group }) => awake(c, m, `a change of the members of ${group}`),
    'node.offline': onOffline,
    'plan.rest': ({ node }, m) => {
      if (!isLate(m, node)) m.placement.since = null;
    },
  },
  finish(c, { placement: { since } }) {
    expectRule(
      c,
      'placement.converges',
      since === null,
      () => `the planner has not come to rest since: ${since}`,
      null,
    );
  },
};
