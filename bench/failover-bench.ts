// Failover with 1, 10 and 100 times the data and the backlog (docs/spec/failover.md FENCE-49, docs/performance.md): virtual time from the
// writer's death to the decision, the opening and the first commit, with pages that no store has built; the classic switch calculated
// beside it (FENCE-51), for a standby that has applied nothing of it and for one that has applied all.

import { nodeId, type Time } from '../src/base/ids.ts';
import { readRecords } from '../src/core/log/record.ts';
import { classicSwitchMs } from '../src/sim/classic-switch.ts';
import { benchOf } from './clusters.ts';
import type { Bench, Row } from './harness.ts';
import { makeVirtualRun } from './virtual-run.ts';

const RECORDS = [1000, 10_000, 100_000] as const;
const WRITER = nodeId('rw-1');
/** µs; the old writer stays away. */
const LIMIT_US = 60_000_000;
const STEP_US = 10_000;
/** Above every backlog: stores build pages only when they are asked for one. */
const NEVER_BUILD = [
  ['materialiseRecords', 1_000_000],
  ['materialiseMs', 60_000],
] as const;

interface Measured {
  readonly records: number;
  readonly pages: number;
  /** ms from the writer's death. */
  readonly decided: number;
  readonly opened: number;
  readonly committed: number;
  /** ms from H1 to H8. */
  readonly switched: number;
}

async function measure(records: number, isBuilt: boolean): Promise<Measured> {
  const preset = benchOf('cynosdb-ha', {
    kind: 'kv-insert',
    rows: 0,
    clients: 64,
    thinkUs: 0,
    readPercent: 0,
    valueBytes: 200,
  });
  const pages = new Set<number>();
  const seen = new Set<string>();
  let logged = 0;
  const run = await makeVirtualRun(
    preset,
    { params: isBuilt ? [] : NEVER_BUILD },
    {
      onTrace: ({ event }) => {
        if (event.kind === 'mtr.append') logged = event.end - 1;
      },
      onBatch: ({ group, first, records }) => {
        const batch = `${group} ${first}`;
        if (seen.has(batch)) return;
        seen.add(batch);
        for (const { record } of readRecords(records).records) pages.add(record.blockKey);
      },
    },
  );
  while (logged < records) run.forUs(STEP_US);
  const at = { logged, pages: pages.size };
  const diedAt = run.now;
  run.act({ kind: 'crash', at: diedAt as Time, node: WRITER, mode: 'drawn', forUs: null });
  const until = (what: string, isIt: Parameters<typeof run.untilEvent>[0]): number => {
    if (run.untilEvent(isIt, LIMIT_US) === null) throw new Error(`no ${what}`);
    return (run.now - diedAt) / 1000;
  };
  const decided = until('candidate', ({ event }) => event.kind === 'ha.candidate');
  const granted = until('grant', ({ event }) => event.kind === 'token.grant');
  const opened = until('opening', ({ event }) => event.kind === 'recovery.done');
  const committed = until('commit', ({ event }) => event.kind === 'commit.ack');
  return { records: at.logged, pages: at.pages, decided, opened, committed, switched: opened - granted };
}

const round = (ms: number): string => ms.toFixed(1);

function rowOf(m: Measured, least: Measured, isBuilt: boolean): Row {
  const classicMs = (records: number, dirtyPages: number): number =>
    classicSwitchMs({ detectMs: m.decided, records, dirtyPages });
  const late = classicMs(m.records, m.pages);
  return {
    id: 'FAILOVER',
    name: `first commit after the writer's death, ${m.records} records${isBuilt ? '' : ', no page built'}`,
    value: m.committed,
    unit: 'ms',
    reference: late,
    referenceName: 'classic, calculated: nothing applied',
    ratio: late / m.committed,
    spread: 0,
    reach: 'H1 to H8 as with the least, within 10 % or 50 ms (FENCE-49)',
    isReached: Math.abs(m.switched - least.switched) <= Math.max(0.1 * least.switched, 50),
    note: `decided ${round(m.decided)}, H1 to H8 ${round(m.switched)}, open ${round(m.opened)}; ${m.pages} pages; classic with all applied ${round(classicMs(0, m.pages))}`,
  };
}

export const bench: Bench = {
  id: 'FAILOVER',
  title: 'failover by data and backlog',
  async run() {
    const rows: Row[] = [];
    for (const isBuilt of [true, false]) {
      const all: Measured[] = [];
      for (const records of RECORDS) all.push(await measure(records, isBuilt));
      const [least] = all;
      if (least !== undefined) rows.push(...all.map((one) => rowOf(one, least, isBuilt)));
    }
    return rows;
  },
};
