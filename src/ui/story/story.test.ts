// What the captions know of a run, folded from its events: cuts, quorums, what a replica was given, members; and how captions
// speak of it.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import { setSettings } from '../../state/settings-store.ts';
import { t } from '../i18n/i18n.ts';
import { captionOf, describeCaption } from './captions.ts';
import { follow } from './follow.ts';
import { lostQuorum, newStory, type Story } from './story.ts';
import { cluster, listed, sampleOf } from './story-fixture.ts';

// As the field says.
setSettings({ wording: 'expert' });

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
    // An acknowledgement that was on its way brings no quorum back; a recovery has found one.
    expect(fold(two, 'commit.ack', {})).toMatchObject({ stalled: true, relieved: 0 });
    expect(fold(two, 'recovery.done', {}).stalled).toBe(false);
    expect(fold(two, 'world.action', act('heal rw-1 | store-2 store-3')).cuts).toEqual([]);
    expect(fold(two, 'world.action', act('healAll')).cuts).toEqual([]);
    expect(fold(two, 'world.action', act('partition rw-1 | store-1 store-2 store-3')).cuts).toHaveLength(3);
  });

  test('a node that was frozen for a time runs again when that is over, unless it went down meanwhile', () => {
    const text = 'freeze store-2 for 5.000 ms';
    const frozen = fold(newStory(cluster), 'world.action', { ...act(text), hadEffect: true }, 'store-2');
    expect([...frozen.down]).toEqual(['store-2']);
    const over = { ...act(text), isUndo: true, hadEffect: true };
    expect([...fold(frozen, 'world.action', over, 'store-2').down]).toEqual([]);
    expect([...fold(frozen, 'world.action', { ...over, hadEffect: false }, 'store-2').down]).toEqual([
      'store-2',
    ]);
  });

  test('who is isolated is cut off from everybody, until that is over', () => {
    const one = fold(newStory(cluster), 'world.action', act('isolate store-3'));
    expect(lostQuorum(one)).toBe(null);
    const two = fold(one, 'world.action', act('isolate store-2'));
    expect(lostQuorum(two)).toMatchObject({ reached: 1 });
    const back = fold(two, 'world.action', { ...act('isolate store-2'), isUndo: true });
    expect(lostQuorum(back)).toBe(null);
    // The link between both is whole again, as in the world: a link is cut or it is not.
    const between = (pair: readonly string[]): boolean =>
      pair.includes('store-2') && pair.includes('store-3');
    expect(back.cuts).toEqual(
      one.cuts.map((cut) => ({ ...cut, pairs: cut.pairs.filter((pair) => !between(pair)) })),
    );
  });

  test('a crash that takes the write quorum says so, one that does not says what its disk keeps', () => {
    const one = fold(newStory(cluster), 'node.down', {}, 'store-3');
    const crash = (story: Story, node: string): string => {
      const moment = { listed: listed(sampleOf('world.action', act(`crash ${node}`)), node), story };
      return describeCaption(present(captionOf([moment]) ?? undefined, 'a caption'), t);
    };
    expect(crash(newStory(cluster), 'store-3')).toContain('its disk keeps all that was synced');
    // Its end is traced before the action that ended it.
    const ended = fold(one, 'node.down', {}, 'store-2');
    for (const story of [one, ended])
      expect(crash(story, 'store-2')).toBe(
        'Power cut at store-2: rw-1 reaches only 1 of 3 replicas of g1, it needs 2. Commits wait, reads go on.',
      );
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

  test('one link that is healed while another stays cut has a caption of its own', () => {
    const one = fold(newStory(cluster), 'world.action', act('cut rw-1 | store-2'));
    const two = fold(one, 'world.action', act('cut rw-1 | store-3'));
    expect(say(two, 'heal rw-1 | store-2')).toBe('Healed: rw-1–store-2. Other links are still cut.');
    expect(say(one, 'heal store-2 | rw-1')).toMatch(/^Healed: rw-1–store-2\. What was lost/);
    expect(say(two, 'heal rw-1 | store-2 store-3')).toMatch(/^All links are healed\./);
    expect(say(two, 'healAll')).toMatch(/^All links are healed\./);
  });

  test('who is isolated is named, unless the quorum goes with it; a message is named by its sender', () => {
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
