// Monitors of gathered reads (docs/spec/pcs.md §4, PCS-56, PCS-97): one read point for each volume in a statement, or in a transaction at
// repeatable read, and an answer that every tablet of the statement has a part in.

import type { TraceOf } from '../../core/kernel/trace.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from './monitor.ts';

export const gatherRules = {
  'gather.one-point': {
    ids: ['PCS-56'],
    source: 'S000 读流程; D',
    lens: 'placement',
  },
  'gather.whole': {
    ids: ['PCS-56', 'PCS-58', 'PCS-97'],
    source: 'S000 读流程',
    lens: 'placement',
  },
} as const;

interface Read {
  readonly tablets: readonly number[];
  readonly parts: Map<number, string>;
  /** Of the definitions that it was planned by. */
  readonly version: number;
}

interface Gathers {
  /** By node and transaction: the read point of each volume. */
  readonly points: Map<string, Map<string, number>>;
  /** By node and read: its tablets, and the parts of those that have come. */
  readonly reads: Map<string, Read>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof gatherRules> {}
  interface ClusterStates {
    gathers: Gathers;
  }
}

/** Transactions whose read points are remembered; the oldest go. */
const MAX_KNOWN = 4096;

const keyOf = ({ node }: Check, id: number): string => `${node}/${id}`;

/** PCS-58: after the cut some primary has committed that knew of it, and what is read as of that commit lacks the keys that went. */
function expectKnownSplit(
  c: Check,
  { gathers, splits: { cuts, commitsAfter } }: Monitors,
  { client, read, volume, readPoint }: TraceOf<'gather.part'>,
): void {
  const known = gathers.reads.get(keyOf(c, read));
  const [cut, after] = [cuts.get(volume), commitsAfter.get(volume)];
  if (!known || !cut || after === undefined) return;
  expectRule(
    c,
    'gather.whole',
    known.version >= cut.version || readPoint < after,
    () =>
      `${client} reads ${volume} as of ${readPoint} by definitions of version ${known.version}; its keys were cut in ${cut.version}`,
  );
}

function onPart(c: Check, m: Monitors, part: TraceOf<'gather.part'>): void {
  const { gathers } = m;
  expectKnownSplit(c, m, part);
  const { read, tx, relation, volume, readPoint } = part;
  gathers.reads.get(keyOf(c, read))?.parts.set(relation, volume);
  if (volume === '') return;
  const key = keyOf(c, tx);
  const known = gathers.points.get(key) ?? new Map<string, number>();
  if (!gathers.points.has(key)) {
    const [oldest] = gathers.points.keys();
    if (gathers.points.size >= MAX_KNOWN && oldest !== undefined) gathers.points.delete(oldest);
    gathers.points.set(key, known);
  }
  const before = known.get(volume);
  // of a statement by itself that was planned anew only the last counts (PCS-58)
  if (read === tx) return void known.set(volume, readPoint);
  expectRule(
    c,
    'gather.one-point',
    before === undefined || before === readPoint,
    () => `${part.client} reads ${volume} as of ${readPoint}, and in the same transaction as of ${before}`,
  );
  if (before === undefined) known.set(volume, readPoint);
}

function onEnd(c: Check, { gathers }: Monitors, end: TraceOf<'gather.end'>): void {
  const { read, tx, code } = end;
  const known = gathers.reads.get(keyOf(c, read));
  gathers.reads.delete(keyOf(c, read));
  if (!known || code !== '') return;
  const volumes = end.volumes === '' ? [] : end.volumes.split(',');
  const missing = known.tablets.filter((relation) => {
    const volume = known.parts.get(relation);
    return volume === undefined || (volume !== '' && !volumes.includes(volume));
  });
  expectRule(
    c,
    'gather.whole',
    missing.length === 0,
    () => `${end.client} is answered without the tablets at ${missing.join(', ')}`,
  );
  const points = gathers.points.get(keyOf(c, tx));
  const odd = volumes.find((volume, i) => points?.get(volume) !== end.readPoints[i]);
  expectRule(
    c,
    'gather.one-point',
    odd === undefined,
    () => `${end.client} is answered with another read point of ${odd} than that of its rows`,
  );
}

export const gathers: ClusterModule<'gathers'> = {
  scope: 'cluster',
  name: 'gathers',
  rules: gatherRules,
  make: () => ({ points: new Map(), reads: new Map() }),
  observe: {
    'gather.begin': (c, { gathers: { reads }, tablets: { schemas } }, { read, tablets }) =>
      void reads.set(keyOf(c, read), { tablets, parts: new Map(), version: schemas.get(c.node) ?? -1 }),
    'gather.part': onPart,
    'gather.end': onEnd,
    'node.down': ({ node }, { gathers: { reads } }) => {
      for (const key of [...reads.keys()]) if (key.startsWith(`${node}/`)) reads.delete(key);
    },
  },
};
