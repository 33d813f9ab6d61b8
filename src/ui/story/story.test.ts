// Every meaningful event has a caption, in both languages and short enough; and the first minute's story, told from a
// real run of the hook: the transcript of what a newcomer reads.

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { time } from '../../base/ids.ts';
import { coreTrace, type TraceEvent, type TraceKind } from '../../core/kernel/trace.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { ListedEvent } from '../../sim/frame.ts';
import { makeNewEventsFeed } from '../../sim/new-events.ts';
import { findPreset } from '../../sim/presets.ts';
import { programOf } from '../../sim/programs.ts';
import { makeRecorder, recordEvents } from '../../sim/recorder.ts';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { parseAction } from '../../sim/tape-parse.ts';
import { traceKinds, traceRank } from '../../sim/trace-codec.ts';
import { makeWorld, stepWorld } from '../../sim/world.ts';
import { loadChinese, setLanguage, t, textInBoth } from '../i18n/i18n.ts';
import { findRule } from '../rules/registry.ts';
import { newFlow, offer, readingMs } from './caption-flow.ts';
import { captionOf, describeCaption, hasCaption } from './captions.ts';
import { follow } from './follow.ts';
import { lostQuorum, newStory, type Story } from './story.ts';

// `setLanguage` writes the document's language; tests have none.
Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
afterEach(() => setLanguage('en'));
beforeAll(loadChinese);

const cluster = present(findPreset('hook-hole') ?? undefined, 'the hook').cluster;
const meaningful = traceKinds.filter((kind) => traceRank(kind) >= 2);

/** Long but possible values for the fields of any event. */
const samples: Readonly<Record<string, unknown>> = {
  first: 123_450,
  last: 123_467,
  group: 'g12',
  node: 'store-12',
  from: 'store-12',
  to: 'store-11',
  replica: 'store-12',
  holder: 'rw-12',
  writer: 'rw-12',
  state: 'RECOVERING',
  error: 'the disk is full: DISK_FULL at 67108864 bytes',
  code: 'TOKEN_STALE',
  session: 'console-12',
  request: 'd1-12',
  outcome: 'unknown',
  name: 'v1/g12/log/0000000000123450-0000000000123467-00ff00ff',
  what: 'version',
  sqlstate: '40P01',
  step: 'R4',
  action: 'partition',
  text: 'partition rw-1 meta-1 d1 store-1 | store-2 | store-3 for 120.000 ms',
  mode: 'normal',
  removed: [1, 2, 3],
  isUndo: false,
  hadEffect: true,
  sent: true,
  torn: true,
  sets: 'store-11,store-12,store-13|store-11,store-12,store-14',
  learners: 'store-14',
  why: 'the disk of store-12 was replaced',
  lost: true,
  damage: 'misdirected',
};
const sampleOf = (kind: TraceKind, change: Readonly<Record<string, unknown>> = {}): TraceEvent => {
  const read = (name: string): unknown => {
    if (name === 'kind') return kind;
    return name in change ? change[name] : (samples[name] ?? 123_456);
  };
  return new Proxy({ kind } as TraceEvent, {
    get: (_event, name) => read(String(name)),
    has: (_event, name) => name === 'kind' || name in change,
  });
};
const listed = (event: TraceEvent, node = 'store-12', index = 0): ListedEvent => ({
  at: time(1000),
  node: node as ListedEvent['node'],
  ordinal: 1,
  causeNode: null,
  causeOrdinal: 0,
  event,
  index,
  rank: traceRank(event.kind),
});

const variants: readonly (readonly [TraceKind, Readonly<Record<string, unknown>>])[] = [
  ...meaningful.map((kind) => [kind, {}] as const),
  ...['token', 'R1', 'R2', 'R3', 'R5', 'R6', 'R7'].map((step) => ['recovery.step', { step }] as const),
  ['hole.sent', { mode: 'recovery' }],
  ['hole.split', { sent: false }],
  ['hole.restore', { error: '' }],
  ['page.probe', { pageLsn: -1 }],
  ['hole.rebuild', { holes: 1 }],
  ['node.open', { life: 1 }],
  ['op.return', { outcome: 'failed' }],
  ['op.return', { outcome: 'unknown' }],
  ['recovery.history', { removed: [7] }],
  ['group.move.begin', { lost: false }],
  ['group.move.done', { outcome: 'done' }],
  ['group.move.done', { outcome: 'rolledBack' }],
  ['member.adopt', { sets: 'store-1,store-2,store-3' }],
  ['group.quorum', { state: 'OK', live: 2, vw: 2 }],
  ...[
    'cut rw-1 | store-3 for 6 ms',
    'cut rw-1 | store-2 store-3',
    'crash rw-1 for 1000 ms',
    'freeze store-3 for 100.5 ms',
    'resume store-3',
    'restart store-3',
    'healAll',
    'heal rw-1 | store-3',
    'isolate store-3 store-12 for 100.5 ms',
    'partition rw-1 meta-1 d1 store-1 | store-2 | store-3 for 100.5 ms',
    'powerOff store-1 store-2 store-3 for 100.5 ms',
    'powerOn store-1 store-2 store-3',
    'dropMessage store-12.123456.0',
    'deliverMessage store-12.123456.0',
    'duplicateMessage store-12.123456.0',
    'corruptMessage store-12.123456.0',
    'holdMessage store-12.123456.0',
    'releaseMessage store-12.123456.0',
    'delayMessage store-12.123456.0 100.5 ms',
    'diskStall store-3',
  ].flatMap((text) => {
    const action = { action: text.split(' ')[0], text };
    return [
      ['world.action', action],
      ['world.action', { ...action, isUndo: true }],
      ['world.action', { ...action, hadEffect: false }],
    ] as const;
  }),
];

const stories: readonly Story[] = [
  newStory(cluster),
  {
    ...newStory(cluster),
    cuts: [{ text: 'cut', pairs: [['rw-1', 'store-3']] }],
    commitsInFault: 2,
    healing: new Map([
      [
        'store-12',
        {
          open: new Set(['g12']),
          asked: new Set(),
          records: 1234,
          given: new Set(),
          from: ['store-11', 'store-10'],
          commits: 3,
        },
      ],
    ]),
    lastAcked: 123_455,
  },
  { ...newStory(cluster), down: new Set(['store-3']), stalled: true },
];

/** Kinds that no caption tells, and why: what a person sees of them instead. */
const withoutCaption: Partial<Record<TraceKind, string>> = {
  'limit.reached': 'only where a limit is smaller than usual; what follows is told',
  'mtr.append': 'the strip of lens 4.2 draws each; the commit is told',
  'wal.send': 'a W on its way',
  'wal.receive': 'the W has arrived; that it is durable moves SCL, which is told',
  'wal.durable': 'SCL that moves is told',
  'wal.ack': 'an A on its way',
  'wal.ackSeen': 'PGCL that moves is told',
  'mark.known': 'what the writer tells with every batch; lens 4.1 shows it as pgcl~',
  'tx.begin': 'the statement is told',
  'tx.wait': 'lens 4.2 lists who waits for what',
  'hole.serve': 'the fill is told',
  'hole.answer': 'the fill, or that it was ignored, is told',
  'page.read': 'a P on its way',
  'page.served': 'a P on its way back',
  'page.evict': 'the buffer of the writer shows it',
  'op.invoke': 'the return is told when it is no success; lens 4.10 draws both',
  'driver.retry': 'the card of the driver counts them',
  'recovery.told': 'the step that it completes is told',
  'disk.checked': 'a replica that is as it should be begins; one that is not is told',
  'base.chunk': 'the image that it completes is told; a bar shows how far it is',
  'base.serve': 'the same, seen by the donor',
  'archive.standing': 'the manifest that was told before, told again to those who watch after a start',
  'restore.standing': 'the restore that was told when it began, told again to those who watch after a start',
  'volume.standing': 'the volumes that there are, told to those who watch after a start',
  'archive.extent': 'what the manifest says anew, beside archive.manifest, which is told',
  'archive.collected': 'objects that nothing names any more: nobody misses them',
  'archive.pinned': 'what a restore is made from stays while it runs: the restore is told',
  'volume.answered': 'what came of the order is told by the metadata',
  'volume.left': 'that the volume is deleted is told by the metadata',
  'mtr.sums': 'checksums that an archive is held against: the records are told',
  'restore.progress': 'a bar shows how far each replica is',
};

describe('captions', () => {
  test.each(traceKinds)('%s has one, or a reason why not', (kind) => {
    // An event of a stack's own that has words among the ordinary ones is not told either.
    const isOrdinary = !(kind in coreTrace) && textInBoth(`kind.${kind}`).length === 2;
    expect(
      hasCaption(kind) || isOrdinary || withoutCaption[kind] !== undefined,
      `${kind} needs a caption (StackTables.captions), a word kind.${kind} in both languages, or a reason in withoutCaption`,
    ).toBe(true);
    expect(
      hasCaption(kind) && withoutCaption[kind] !== undefined,
      'no reason for a kind that has a caption',
    ).toBe(false);
  });

  test.each(meaningful)('%s has one', (kind) =>
    expect(hasCaption(kind), `${kind} has rank 2 or 3, so StackTables.captions needs a caption of it`).toBe(
      true,
    ),
  );

  test.each(variants)('%s %o: words in both languages, short, with a rule', (kind, change) => {
    for (const story of stories)
      for (const count of [1, 6]) {
        const moments = Array.from({ length: count }, (_, i) => ({
          listed: listed(sampleOf(kind, change), `store-${i + 10}`, i),
          story,
        }));
        const caption = present(captionOf(moments) ?? undefined, 'a caption');
        expect(
          findRule(caption.rule),
          `the rule ${caption.rule} of the caption of ${kind} stands in monitoredRules or explainedRules`,
        ).toBeDefined();
        setLanguage('en');
        const en = describeCaption(caption, t);
        setLanguage('zh-CN');
        const zh = describeCaption(caption, t);
        expect(en).not.toMatch(/undefined|NaN|story\.|\{\{/);
        expect(zh).not.toMatch(/undefined|NaN|story\.|\{\{/);
        expect(zh).toMatch(/\p{Script=Han}/u);
        expect(
          [...en].length,
          `an English caption has at most 140 characters with long names and counts: ${en}`,
        ).toBeLessThanOrEqual(140);
        expect([...zh].length, `a Chinese caption has at most 60 characters: ${zh}`).toBeLessThanOrEqual(60);
      }
  });

  test('an event that nobody has put in words yet shows its kind', () => {
    const caption = present(
      captionOf([{ listed: listed(sampleOf('wal.send')), story: newStory(cluster) }]) ?? undefined,
      'one',
    );
    expect(describeCaption(caption, t)).toMatch(/^wal\.send/);
  });
});

describe('the story', () => {
  const fold = (
    story: Story,
    kind: TraceKind,
    change: Readonly<Record<string, unknown>>,
    node = 'rw-1',
  ): Story => follow(story, listed(sampleOf(kind, change), node));
  const act = (text: string) => ({ action: text.split(' ')[0], text });

  test('knows which links are cut, whether a quorum is left, and when it is over', () => {
    const one = fold(newStory(cluster), 'world.action', act('cut rw-1 | store-3 for 6 ms'));
    expect(lostQuorum(one)).toBe(null);
    expect(one.stalled).toBe(false);
    const two = fold(one, 'world.action', act('cut rw-1 | store-2'));
    expect(lostQuorum(two)).toEqual({ writer: 'rw-1', group: 'g1', reached: 1, n: 3, vw: 2 });
    expect(two.stalled).toBe(true);
    const back = fold(two, 'world.action', { ...act('cut rw-1 | store-2'), isUndo: true });
    expect(lostQuorum(back)).toBe(null);
    expect(fold(back, 'commit.ack', {}).stalled).toBe(false);
    expect(fold(two, 'world.action', act('heal rw-1 | store-2 store-3')).cuts).toEqual([]);
    expect(fold(two, 'world.action', act('healAll')).cuts).toEqual([]);
    expect(fold(two, 'world.action', act('partition rw-1 | store-1 store-2 store-3')).cuts).toHaveLength(3);
  });

  test('who is isolated is cut off from everybody, until that is over', () => {
    const one = fold(newStory(cluster), 'world.action', act('isolate store-3'));
    expect(lostQuorum(one)).toBe(null);
    const two = fold(one, 'world.action', act('isolate store-2'));
    expect(lostQuorum(two)).toMatchObject({ reached: 1 });
    const back = fold(two, 'world.action', { ...act('isolate store-2'), isUndo: true });
    expect(lostQuorum(back)).toBe(null);
    expect(back.cuts).toEqual(one.cuts);
  });

  const say = (story: Story, text: string): string => {
    const moment = { listed: listed(sampleOf('world.action', act(text)), 'world'), story };
    return describeCaption(present(captionOf([moment]) ?? undefined, 'a caption'), t);
  };

  test('WAL-45 with a second volume a caption says which one it is about, once', () => {
    const restored = fold(newStory(cluster), 'restore.begin', { volume: 'v2', groups: 'g7,g8' }, 'meta-1');
    const said = (story: Story, kind: TraceKind, change: object): string =>
      describeCaption(
        present(captionOf([{ listed: listed(sampleOf(kind, { ...change })), story }]) ?? undefined, 'one'),
        t,
      );
    const vdl = { volume: 'v2', value: 120 };
    expect(said(newStory(cluster), 'mark.vdl', vdl)).not.toContain('v2');
    expect(said(restored, 'mark.vdl', vdl)).toMatch(/^v2: /);
    expect(said(restored, 'mark.vdl', { ...vdl, volume: 'v1' })).toMatch(/^v1: /);
    expect(said(restored, 'hole.fill', { group: 'g8' })).toMatch(/^v2: /);
    expect(said(restored, 'hole.fill', { group: 'g1' })).toMatch(/^v1: /);
    expect(said(restored, 'restore.done', { volume: 'v2' }).match(/v2/g)).toHaveLength(1);
    const gone = fold(restored, 'volume.dropped', { volume: 'v2', groups: 'g7,g8' }, 'meta-1');
    expect(said(gone, 'hole.fill', { group: 'g1' })).not.toMatch(/^v1/);
  });

  test('one link that is healed while another stays cut is told as what it is', () => {
    const one = fold(newStory(cluster), 'world.action', act('cut rw-1 | store-2'));
    const two = fold(one, 'world.action', act('cut rw-1 | store-3'));
    expect(say(two, 'heal rw-1 | store-2')).toBe('Healed: rw-1–store-2. Other links are still cut.');
    expect(say(one, 'heal store-2 | rw-1')).toMatch(/^Healed: rw-1–store-2\. What was lost/);
    expect(say(two, 'heal rw-1 | store-2 store-3')).toMatch(/^All links are healed\./);
    expect(say(two, 'healAll')).toMatch(/^All links are healed\./);
  });

  test('who is isolated is named, unless the quorum goes with it; a message is told by its sender', () => {
    const one = fold(newStory(cluster), 'world.action', act('isolate store-3'));
    expect(say(newStory(cluster), 'isolate store-3')).toMatch(/^store-3: cut off from everybody else\./);
    expect(say(one, 'isolate store-2')).toMatch(/^rw-1 reaches only 1 of 3 replicas of g1/);
    expect(say(newStory(cluster), 'partition d1 meta-1 rw-1 store-1 store-2 | store-3')).toMatch(
      /^store-3: cut off from everybody else\./,
    );
    expect(say(one, 'dropMessage rw-1.170.0')).toMatch(/^A message from rw-1 is lost on purpose/);
  });

  test('counts what a replica was given, a range that came twice once, until its last hole is closed', () => {
    const gap = { group: 'g1', first: 108, last: 112 };
    const given = { ...gap, to: 'store-3', records: 4, error: '' };
    const open = fold(newStory(cluster), 'hole.open', gap, 'store-3');
    const once = fold(open, 'hole.serve', given, 'store-1');
    const twice = fold(fold(once, 'hole.serve', given, 'store-2'), 'commit.ack', {});
    expect(twice.healing.get('store-3')).toMatchObject({
      records: 4,
      from: ['store-1', 'store-2'],
      commits: 1,
    });
    const refused = fold(open, 'hole.serve', { ...given, error: 'LOG_GONE' }, 'store-1');
    expect(refused.healing.get('store-3')).toMatchObject({ records: 0, from: [] });
    const closed = fold(twice, 'hole.closed', { group: 'g1', ncl: 120 }, 'store-3');
    expect(closed.healing.size).toBe(0);
    expect(closed.healed).toBe(1);
  });

  test('counts what was given before the hole was found on disk; asked again with nothing open it begins anew', () => {
    const gap = { group: 'g1', first: 108, last: 112 };
    const sent = { ...gap, to: 'store-1', counter: 1, mode: 'normal' as const };
    const asked = fold(newStory(cluster), 'hole.sent', sent, 'store-3');
    const served = fold(asked, 'hole.serve', { ...gap, to: 'store-3', records: 4, error: '' }, 'store-1');
    const open = fold(served, 'hole.open', gap, 'store-3');
    expect(open.healing.get('store-3')).toMatchObject({ records: 4, from: ['store-1'] });
    expect(fold(open, 'hole.sent', sent, 'store-3').healing.get('store-3')).toMatchObject({ records: 4 });
    expect(fold(open, 'hole.closed', { group: 'g1', ncl: 120 }, 'store-3').healed).toBe(1);
    expect(fold(served, 'hole.sent', sent, 'store-3').healing.get('store-3')).toMatchObject({ records: 0 });
  });

  test('follows the members that a writer writes to', () => {
    const adopt = { group: 'g1', sets: 'store-1,store-2', learners: '', memberEpoch: 2, term: 1 };
    const replicas = (story: Story) => story.cluster.groups.find(({ id }) => id === 'g1')?.replicas;
    expect(replicas(fold(newStory(cluster), 'member.adopt', adopt))).toEqual(['store-1', 'store-2']);
    const dual = { ...adopt, sets: 'store-1,store-2|store-1,store-3' };
    expect(replicas(fold(newStory(cluster), 'member.adopt', dual))).toEqual([
      'store-1',
      'store-2',
      'store-3',
    ]);
  });

  test('a node that is down or frozen is not reached', () => {
    const down = fold(newStory(cluster), 'node.down', {}, 'store-2');
    const both = fold(down, 'world.action', act('freeze store-3'), 'store-3');
    expect(lostQuorum(both)).toMatchObject({ reached: 1 });
    expect(lostQuorum(fold(both, 'world.action', act('resume store-3'), 'store-3'))).toBe(null);
    expect(lostQuorum(fold(both, 'node.open', {}, 'store-2'))).toBe(null);
  });
});

interface Line {
  readonly at: number;
  readonly text: string;
}

/** Plays the hook with these actions at 1 ms a second and writes down what the strip says. */
async function playHook(actions: readonly string[], untilUs: number): Promise<readonly Line[]> {
  const tape = freshTape('hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  const added = actions.map((line) => {
    const action = parseAction(line);
    if ('error' in action) throw new Error(action.error);
    return action;
  });
  const made = setupRun({ ...tape, actions: [...tape.actions, ...added] });
  if (!made.ok) throw new Error(made.error);
  const { spec, program, bootUntilUs } = made.setup;
  const world = makeWorld<unknown, unknown>(spec);
  const recorder = makeRecorder(spec.cluster, spec.params.lal);
  const edge = await loadSqlEdge();
  const feed = makeNewEventsFeed();
  const lines: Line[] = [];
  let flow = newFlow(newStory(spec.cluster));
  const host = {
    program: programOf(program),
    edge,
    onTrace: (events: Parameters<typeof recordEvents>[1]) => recordEvents(recorder, events),
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
    expect(recovery).toContain('Power cut at rw-1: it stops at once, only what its disk had synced is left.');
    expect(recovery).toMatch(
      /token \d+: every acknowledged commit, the last at LSN \d+, is in it; others may be gone\./,
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
