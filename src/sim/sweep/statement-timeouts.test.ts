// What is judged of statements that a timeout ended: a row that is there although its insert failed, one that is not although it was
// acknowledged, and a COMMIT that answers COMMIT after a failure, are found.

import { expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import type { ClientResult, StatementResult } from '../../core/kernel/client-calls.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import { requestIdAt } from '../actions/clients.ts';
import { makeMonitors } from '../checks/monitors.ts';
import { ENGINE } from '../engine.ts';
import { makeTape } from '../tape-run.ts';
import { drawTimeouts, judgeTimeouts } from './statement-timeouts.ts';

const preset = present(findPreset('cynosdb'), 'preset');
const actions = drawTimeouts(3, 'driver-1' as NodeId, 20_000_000, [30_000_000, 35_000_000]);
const tape = makeTape(preset, { engine: ENGINE, profile: 'demo', seed: 1, actions });

const TIMEOUT: StatementResult = {
  kind: 'error',
  sqlstate: '57014',
  message: 'canceling statement due to statement timeout',
  position: null,
};
const done = (tag: string): StatementResult => ({ kind: 'done', tag });

/** As a cluster answers that ends every insert which waits; then the rows are those that are committed. */
function answerOf(session: string, text: string): StatementResult {
  const waits = (session === 'timed-block' && /0\)$/.test(text)) || session === 'timed-single';
  if (text.startsWith('INSERT')) return waits ? TIMEOUT : done('INSERT 0 1');
  if (text === 'COMMIT') return done(session === 'timed-block' ? 'ROLLBACK' : 'COMMIT');
  return done(text.split(' ')[0] ?? '');
}

/** `rows`: those of the holder, changed; `commit`: what the blocks’ COMMIT answers. */
function judge(change: (rows: number[]) => number[] = (rows) => rows, commit?: string) {
  const monitors = makeMonitors(known.monitors, preset.cluster, 100);
  const replies = new Map<string, ClientResult>();
  const rows: number[] = [];
  for (const [place, action] of actions.entries()) {
    if (action.kind !== 'sql') continue;
    const { session, text } = action;
    if (session === 'timed-holder' && text.startsWith('INSERT'))
      rows.push(...[...text.matchAll(/\((\d+)\)/g)].map(([, key]) => Number(key)));
    const isRead = text.startsWith('SELECT');
    const columns = change(rows).map((key) => [`${key}`]);
    const read: StatementResult = { kind: 'rows', tag: '', columns: [], rows: columns, origin: null };
    const answer = isRead ? read : answerOf(session, text);
    const isCommit = session === 'timed-block' && text === 'COMMIT' && commit !== undefined;
    replies.set(requestIdAt(actions, place), {
      outcome: answer.kind === 'error' ? 'error' : 'ok',
      statements: [isCommit ? done(commit) : answer],
      scn: -1,
    });
  }
  const timeouts = judgeTimeouts(monitors, tape, replies, 0 as Time);
  return { timeouts, found: [...new Set(monitors.violations.map(({ rule }) => rule))] };
}

test('FENCE-47 what a timeout ended is judged by the rows that are there at the end', () => {
  const clean = judge();
  expect(clean.found).toEqual([]);
  expect(clean.timeouts).toBeGreaterThan(20);
  expect(judge((rows) => [...rows, 12]).found).toEqual(['client.exactly-once']);
  expect(judge((rows) => [...rows, 13]).found).toEqual(['client.exactly-once']);
  expect(judge((rows) => rows.filter((key) => key !== 11)).found).toEqual(['client.acked-present']);
  expect(judge(undefined, 'COMMIT').found).toContain('client.block-fails');
  expect(drawTimeouts(4, 'driver-1' as NodeId, 20_000_000, [1, 2])).toEqual([]);
});
