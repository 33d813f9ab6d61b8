// After the loss of a node of `postdb-v4` the strip says which tablets have no primary, since when, and how many statements wait; and it is
// so in the run.

import { expect, test } from 'vitest';
import { time } from '../../base/ids.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { statementsWaiting, tabletsWithoutPrimary } from '../../state/role-views.ts';
import { t } from '../i18n/i18n.ts';
import { startWorld } from '../testing/world-frame.ts';
import { newFlow, offer } from './caption-flow.ts';
import { statusOf } from './status.ts';
import { statusLine } from './status-line.ts';
import { hasNoWriter, newStory } from './story.ts';

const edge = await loadSqlEdge();
const load =
  '0.000 workload d1 kind=tablet-transfer rows=100 clients=4 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';

function runOf(preset: string, fault: string) {
  const run = startWorld({ edge, preset, lines: [load, `500.000 ${fault}`], view: {} });
  let seen = -1;
  let flow = newFlow(newStory(run.shoot().frame.cluster));
  return (ms: number) => {
    run.runTo(time(ms * 1000));
    const { frame, events } = run.shoot();
    flow = offer(flow, {
      events: events.filter(({ index }) => index > seen),
      jumped: false,
      nowMs: ms,
      needsMs: 0,
      stands: false,
    });
    seen = events.at(-1)?.index ?? seen;
    return { frame, story: flow.story, text: statusLine(frame, t).text };
  };
}

test.each(['crash n1', 'freeze n1 for 300.000 ms'])(
  'FENCE-56 PCS-49 %s: its tablets have no primary until another leads, and the strip names them',
  (fault) => {
    const at = runOf('postdb-v4', fault);
    expect(tabletsWithoutPrimary(at(499).frame).groups).toEqual([]);
    const { frame, story, text } = at(515);
    const { groups, total, since } = tabletsWithoutPrimary(frame);
    expect([groups.length > 0, groups.length < total, since]).toEqual([true, true, 500_000]);
    expect(statusOf(frame)).toMatchObject({ kind: 'noPrimary', groups, total });
    expect(text).toContain('Since 500');
    expect(text).toContain(groups.join(', '));
    expect(text).toMatch(/statements? waits?\.$/);
    const { count, oldestUs } = statementsWaiting(frame);
    expect([count > 0, oldestUs > 0]).toEqual([true, true]);
    expect(hasNoWriter(story)).toBe(true);
    const after = at(900);
    expect(tabletsWithoutPrimary(after.frame).groups).toEqual([]);
    expect(after.text).not.toContain('no primary');
    expect(hasNoWriter(after.story)).toBe(false);
  },
);
