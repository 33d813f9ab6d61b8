// The strip while nobody can write, over real runs: what took the writer takes the strip at once, and nothing that goes on in the
// background takes its place before somebody writes again.

import { expect, test } from 'vitest';
import { time } from '../../base/ids.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { setSettings } from '../../state/settings-store.ts';
import { t } from '../i18n/i18n.ts';
import { startWorld } from '../testing/world-frame.ts';
import { newFlow, offer, readingMs } from './caption-flow.ts';
import { describeCaption } from './captions.ts';
import { newStory } from './story.ts';
import { cluster, listed, sampleOf } from './story-fixture.ts';

// As the field says.
setSettings({ wording: 'expert' });

const edge = await loadSqlEdge();
const load =
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=50 hotPercent=0 valueBytes=0 load=true';

/** What the strip shows from 20 ms before the fault on, so slow that each caption is read within a virtual millisecond. */
function stripOf(preset: string, fault: string): readonly { at: number; kind: string; text: string }[] {
  const run = startWorld({ edge, preset, lines: [load, `500.000 ${fault}`], view: {} });
  run.runTo(time(480_000));
  let shot = run.shoot();
  let flow = newFlow(newStory(shot.frame.cluster));
  const shown: { at: number; kind: string; text: string }[] = [];
  for (let at = 481; at <= 525; at++) {
    const seen = shot.events.at(-1)?.index ?? -1;
    run.runTo(time(at * 1000));
    shot = run.shoot();
    const events = shot.events.filter(({ index }) => index > seen);
    const needsMs = flow.shown === null ? 0 : readingMs(describeCaption(flow.shown, t));
    flow = offer(flow, { events, jumped: false, nowMs: at * 5000, needsMs, stands: false });
    if (flow.shown !== null) shown.push({ at, kind: flow.shown.kind, text: describeCaption(flow.shown, t) });
  }
  return shown;
}

test.each([
  ['cynosdb-ha', 'crash rw-1', 'nobody can write'],
  ['cynosdb-ha', 'freeze rw-1 for 300.000 ms', 'Nobody can write'],
  ['polardb', 'crash rw-1', 'nobody can write'],
])(
  'FENCE-20 %s, %s: the strip says that nobody can write, and keeps to what is about that',
  (preset, fault, words) => {
    const shown = stripOf(preset, fault);
    expect(new Set(shown.filter(({ at }) => at < 500).map(({ kind }) => kind)).size).toBeGreaterThan(2);
    expect(shown.find(({ at }) => at === 501)?.text).toContain(words);
    const background = [
      'page.materialise',
      'mark.scl',
      'mark.vdl',
      'mark.pgcl',
      'gc.drop',
      'commit.ack',
      'page.served',
    ];
    expect(shown.filter(({ at, kind }) => at > 500 && background.includes(kind))).toEqual([]);
  },
);

test('FENCE-20 pages that stores build wait until somebody writes again', () => {
  let flow = newFlow(newStory(cluster));
  let [index, nowMs] = [0, 0];
  const happens = (kind: TraceKind, change: Readonly<Record<string, unknown>>, node: string): string => {
    const events = [{ ...listed(sampleOf(kind, change), node, ++index), at: time(index * 1000) }];
    nowMs += 10_000;
    flow = offer(flow, { events, jumped: false, nowMs, needsMs: 5000, stands: false });
    return flow.shown?.kind ?? '';
  };
  const own = { volume: cluster.volume, term: 2, token: 2 };
  const builds = (): string => happens('page.materialise', { group: 'g1' }, 'store-1');
  expect(happens('commit.ack', own, 'rw-1')).toBe('commit.ack');
  expect(builds()).toBe('page.materialise');
  expect(happens('node.down', {}, 'rw-1')).toBe('node.down');
  expect([builds(), builds(), builds()]).toEqual(['node.down', 'node.down', 'node.down']);
  expect(happens('recovery.done', own, 'ha-1')).toBe('recovery.done');
  expect(builds()).toBe('page.materialise');
  // Who wrote before is not the writer any more.
  expect(happens('node.down', {}, 'rw-1')).toBe('node.down');
  expect(builds()).toBe('page.materialise');
});
