// The first minute's story from a real run of the hook: the transcript of what a newcomer reads.

import { beforeAll, describe, expect, test } from 'vitest';
import { time } from '../../base/ids.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { makeNewEventsFeed } from '../../run-model/recorder/new-events.ts';
import { makeRecorder, recordEvents } from '../../run-model/recorder/recorder.ts';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { makeWorld, stepWorld } from '../../sim/world.ts';
import { known } from '../../stacks/known.ts';
import { presets } from '../../stacks/presets.ts';
import { programOf } from '../../stacks/programs.ts';
import { tapes } from '../../stacks/tapes.ts';
import { setSettings } from '../../state/settings-store.ts';
import { t } from '../i18n/i18n.ts';
import { newFlow, offer, readingMs } from './caption-flow.ts';
import { describeCaption } from './captions.ts';
import { newStory } from './story.ts';

// As the field says.
setSettings({ wording: 'expert' });

interface Line {
  readonly at: number;
  readonly text: string;
}

/** Plays the hook with these actions at 1 ms a second and writes down what the strip says. */
async function playHook(actions: readonly string[], untilUs: number): Promise<readonly Line[]> {
  const tape = freshTape(presets, 'hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  const added = actions.map((line) => {
    const action = parseAction(tapes, line);
    if ('error' in action) throw new Error(action.error);
    return action;
  });
  const made = setupRun(known, { ...tape, actions: [...tape.actions, ...added] });
  if (!made.ok) throw new Error(made.error);
  const { spec, program, bootUntilUs } = made.setup;
  const world = makeWorld<unknown, unknown>(spec);
  const recorder = makeRecorder(known, spec.cluster, spec.params.lal);
  const edge = await loadSqlEdge();
  const feed = makeNewEventsFeed();
  const lines: Line[] = [];
  let flow = newFlow(newStory(spec.cluster));
  const host = {
    program: programOf(program),
    edge,
    tape: tapes,
    onTrace: (events: Parameters<typeof recordEvents>[2]) => recordEvents(known, recorder, events),
  };
  for (let nowUs = 0; nowUs < untilUs; nowUs += 16) {
    while (stepWorld(world, host, { until: time(nowUs), frameUs: null, view: null }));
    const newEvents = feed.take(recorder);
    if (nowUs < bootUntilUs) continue;
    // At 1 : 1000 a virtual µs is a wall ms.
    const before = flow.shown;
    const needsMs = before === null ? 0 : readingMs(describeCaption(before, t));
    flow = offer(flow, { ...newEvents, jumped: false, nowMs: nowUs, needsMs, stands: false });
    if (flow.shown !== null && flow.shown !== before)
      lines.push({ at: nowUs, text: describeCaption(flow.shown, t) });
  }
  return lines;
}

describe('the first minute', () => {
  let lines: readonly Line[] = [];
  beforeAll(async () => {
    lines = await playHook(
      [
        '50.000 cut rw-1 | store-3 for 6 ms',
        '66.000 cut rw-1 | store-2 store-3',
        '76.000 healAll',
        '96.000 crash rw-1',
        '104.000 restart rw-1',
      ],
      120_000,
    );
  });
  const said = (from: number, to: number): readonly string[] =>
    lines.filter(({ at }) => at >= from && at < to).map(({ text }) => text);

  test('first surprise: a commit does not wait for the replica that is cut off', () => {
    expect(said(50_000, 50_100)).toEqual([
      'The link rw-1–store-3 is cut for 6.00 ms. What is sent over it now is lost.',
    ]);
    expect(said(50_100, 57_000).join('\n')).toMatch(
      /store-3 is cut off, yet LSN \d+ is durable on 2 of 3: commit acknowledged\. The slowest is not awaited\./,
    );
  });

  test('second surprise: it repairs itself from a peer, and nobody waited', () => {
    expect(said(57_000, 66_000).join('\n')).toMatch(
      /store-3 missed \d+ records\. No client waited\. It filled the hole from store-[12], not from the writer\./,
    );
  });

  test('third surprise: without a quorum nothing is acknowledged, nothing fails, and all of it comes back', () => {
    expect(said(66_000, 66_100)).toEqual([
      'rw-1 reaches only 1 of 3 replicas of g1, it needs 2: VDL stops, commits wait.',
    ]);
    expect(said(66_100, 76_000).join('\n')).not.toContain('commit acknowledged');
    expect(said(76_000, 96_000).join('\n')).toMatch(
      /A quorum is back: .* the commit that waited is acknowledged/,
    );
  });

  test('the writer dies and recovers step by step, and says that nothing acknowledged is lost', () => {
    const recovery = said(96_000, 120_000).join('\n');
    expect(recovery).toContain(
      'Power cut at rw-1: nobody can write. What enough disks have stays, and with it every acknowledged commit; the rest may be lost.',
    );
    expect(recovery).toMatch(
      /token \d+: every acknowledged commit, the last at LSN \d+, is in it; one that was not acknowledged may be in it or gone\./,
    );
    expect(recovery.match(/R[1-7] of 7: /g)?.length ?? 0).toBeGreaterThanOrEqual(1);
  });

  test('a caption stays until it could be read, unless something important comes; quiet times tell different things', () => {
    const calm = lines.filter(({ at }) => at < 50_000);
    expect(calm.length).toBeGreaterThan(1);
    for (const [i, line] of calm.entries()) {
      const next = calm[i + 1];
      if (next !== undefined) expect(next.at - line.at).toBeGreaterThanOrEqual(2000);
    }
    expect(new Set(calm.map(({ text }) => text.replace(/\d+/g, ''))).size).toBeGreaterThan(1);
  });
});
