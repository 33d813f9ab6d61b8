// The project's corpus of statements (src/edge/testdata, which PostgreSQL itself agrees with) on every preset that people are offered,
// through the driver, while nodes that write lose their power between statements and recover.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { NodeId, Time } from '../base/ids.ts';
import type { StatementResult } from '../core/kernel/client-calls.ts';
import { compareRecord, type LogicRecord, readLogicTest } from '../edge/testing/logic-test.ts';
import { requestIdAt } from '../sim/actions/clients.ts';
import { ENGINE } from '../sim/engine.ts';
import { nodeWith } from '../sim/sweep/draw-tools.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { makeTape } from '../sim/tape-run.ts';
import { offeredPresets } from '../stacks/preset-names.ts';
import { findPreset } from '../stacks/presets.ts';
import { isDeep } from '../testing/depth.ts';
import { runTape } from './tape-fixture.ts';

const folder = 'src/edge/testdata';
const files = readdirSync(folder);
/** Virtual ms from one statement to the next; within it each is answered, and a crash is over. */
const APART_MS = 40;
/** A mount of shared storage reads and writes one page after the other: of large values that is a second. */
const LONG_APART_MS = 1200;
const apartOf = (preset: string, file: string): number =>
  preset === 'polardb' && file === 'large-values.test' ? LONG_APART_MS : APART_MS;
const BEGIN_MS = 100;
/** Statements from one crash to the next at least; in a transaction there is none. */
const CRASH_EVERY = 8;
/** Parameters of a session live in its writer's memory and are the defaults again after a crash (engine/session-settings.ts): no crash follows them. */
const setsSession = (sql: string): boolean => /^set (?!local |transaction )/i.test(sql);

const parts = isDeep
  ? offeredPresets.flatMap((preset) => files.map((file) => [preset, file] as const))
  : ([
      ['cynosdb', 'savepoints.test'],
      ['postdb-v4', 'dates.test'],
    ] as const);

interface Answered {
  readonly record: LogicRecord;
  readonly result: StatementResult | null;
}

async function runOn(name: string, records: readonly LogicRecord[], apartMs: number) {
  const preset = findPreset(name);
  if (preset === null) throw new Error(name);
  const { cluster } = preset;
  const driver = nodeWith(cluster, 'driver');
  const writers = cluster.nodes.filter(
    ({ roles, isReader }) => roles.includes('compute') && isReader !== true,
  );
  const actions: TapeAction[] = [];
  let inBlock = false;
  let hasSet = false;
  let crashes = 0;
  let since = 0;
  for (const [i, { sql }] of records.entries()) {
    const at = (BEGIN_MS + i * apartMs) * 1000;
    actions.push({ kind: 'sql', at: at as Time, node: driver, session: 'c', text: sql, params: [] });
    if (/^(?:begin|start transaction)/i.test(sql)) inBlock = true;
    if (/^(?:commit|end|rollback(?! to)|abort)/i.test(sql)) inBlock = false;
    hasSet ||= setsSession(sql);
    since++;
    if (inBlock || hasSet || since < CRASH_EVERY) continue;
    since = 0;
    const node = writers[crashes++ % writers.length]?.id ?? ('' as NodeId);
    actions.push({ kind: 'crash', at: (at + 20_000) as Time, node, mode: 'drawn', forUs: 4000 });
  }
  const tape = makeTape(preset, { engine: ENGINE, profile: 'demo', seed: 1, actions });
  const { monitors, answers } = await runTape(tape, BEGIN_MS + (records.length + 8) * apartMs);
  const sent = actions.flatMap((action, place) =>
    action.kind === 'sql' ? [requestIdAt(actions, place)] : [],
  );
  const answered = records.map(
    (record, i): Answered => ({ record, result: answers.get(sent[i] ?? '')?.statements.at(-1) ?? null }),
  );
  return { answered, crashes, hasSet, violations: monitors.violations };
}

const differenceOf = ({ record, result }: Answered): string | null =>
  result === null ? `${record.sql}: no answer` : compareRecord(record, result);

/** By name, with the construct in it; or because no table has been written yet, so that no node can answer. */
const isRefusal = ({ result }: Answered): boolean =>
  result?.kind === 'error' && ['0A000', '55000'].includes(result.sqlstate);

test.each(parts)('%s answers %s as PostgreSQL does, through crashes', async (preset, file) => {
  const records = readLogicTest(readFileSync(`${folder}/${file}`, 'utf8'));
  const { answered, crashes, hasSet, violations } = await runOn(preset, records, apartOf(preset, file));
  expect(violations).toEqual([]);
  if (!hasSet) expect(crashes).toBeGreaterThan(0);
  // Where tables are cut into tablets, what is refused leaves the rest of a file without its tables and rows.
  const refused = preset === 'postdb-v4' ? answered.findIndex(isRefusal) : -1;
  const compared = refused < 0 ? answered : answered.slice(0, refused);
  expect(compared.flatMap((one) => differenceOf(one) ?? [])).toEqual([]);
});
