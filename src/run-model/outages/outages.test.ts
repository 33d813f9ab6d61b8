// Outages of a volume over the trace: from whose death to which commit, each attempt with its steps and answers, and whether
// what a recovery left out was acknowledged.

import { describe, expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import {
  append,
  committed,
  down,
  install,
  type Line,
  recoveryStep,
  tail,
} from '../../sim/checks/monitor-fixture.ts';
import { packRecorder, type Recorder } from '../recorder/recorder.ts';
import {
  acked,
  boot,
  done,
  makeOf,
  only,
  open,
  play,
  published,
  recovered,
  shown,
  upToRead,
} from './outage-fixture.ts';
import { outageFrames } from './outages.ts';

describe('WAL-53 a writer dies and the next one opens the volume', () => {
  test('WAL-4 a creation is no outage', () => {
    const recorder = makeOf();
    play(recorder, [recoveryStep('token', 0)]);
    expect(only(recorder)).toMatchObject({ since: 'start', attempts: [{ node: 'rw', token: -1 }] });
    play(recorder, [published(1), ...committed]);
    expect(shown(recorder)).toEqual([]);
  });

  test('its steps, each with its beginning and its answers; what was deleted and filled; its times', () => {
    const recorder = makeOf();
    const died = play(recorder, [...boot, ...tail, down('rw')]);
    expect(only(recorder)).toMatchObject({
      writer: 'rw',
      since: 'death',
      from: died,
      attempts: [],
      lost: null,
    });
    const openedAt = play(recorder, recovered());
    expect(only(recorder)).toMatchObject({ openedAt });
    const firstCommitAt = play(recorder, [append(15, 15, 2, true), acked(15, 2)]);
    play(recorder, [acked(16, 2)]);
    const outage = only(recorder);
    expect(outage).toMatchObject({ from: died, openedAt, firstCommitAt, lastAcked: 3, lost: 0 });
    const [attempt] = outage.attempts;
    expect(attempt?.steps.map(({ step }) => step)).toEqual([
      'token',
      'R1',
      'R2',
      'R3',
      'R4',
      'R5',
      'R6',
      'R7',
    ]);
    expect(attempt).toMatchObject({
      end: 'open',
      endedAt: openedAt,
      vdlPrime: 3,
      startLsn: 14,
      removed: 2,
      filled: 2,
    });
    expect(attempt?.answers.map(({ step, node }) => `${step} ${node}`)).toEqual(
      ['R1', 'R2', 'R5', 'R7'].flatMap((name) => [`${name} s1`, `${name} s2`]),
    );
    expect(outage.downs).toEqual([{ node: 'rw', from: died, to: died + 10 }]);
    expect(outage.tokens.filter(({ token }) => token === 2).map(({ node }) => node)).toEqual([
      'rw',
      's1',
      's2',
    ]);
  });

  test('WAL-58 it dies in its recovery: the outage goes on, the next attempt belongs to it', () => {
    const recorder = makeOf();
    const died = play(recorder, [...boot, down('rw')]);
    play(recorder, [
      ...upToRead,
      recoveryStep('R2', 2),
      down('rw', 'drawn', 2),
      open('rw', 3),
      recoveryStep('token', 0),
      recoveryStep('R1', 3),
    ]);
    const outage = only(recorder);
    expect(outage.from).toBe(died);
    expect(outage.attempts.map(({ token, end }) => [token, end])).toEqual([
      [2, 'down'],
      [3, null],
    ]);
    // An answer to the older token counts for the older attempt only.
    play(recorder, [install('s3', 2), install('s3', 3)]);
    expect(only(recorder).attempts.map(({ answers }) => answers.length)).toEqual([2, 1]);
  });

  test('PCS-49 replicas that promised the token before the recovery began are answers of its R1', () => {
    const recorder = makeOf();
    play(recorder, [
      ...boot,
      down('rw'),
      install('s1', 2),
      install('s3', 2),
      install('s1', 3),
      install('s2', 3),
    ]);
    play(recorder, [open('rw'), recoveryStep('token', 3), recoveryStep('R1', 3), recoveryStep('R2', 3)]);
    const [attempt] = only(recorder).attempts;
    expect(attempt?.answers.map(({ step, node }) => `${step} ${node}`)).toEqual(['R1 s1', 'R1 s2']);
  });

  test('FENCE-56 a new writer that is overtaken before any commit of it: for the clients it is the same outage', () => {
    const recorder = makeOf();
    const died = play(recorder, [...boot, ...tail, down('rw')]);
    play(recorder, recovered());
    const fenced: Line = ['rw', { kind: 'volume.fenced', volume: 'v1', token: 2, seen: 3 }];
    play(recorder, [fenced, recoveryStep('token', 0), recoveryStep('R1', 3)]);
    expect(only(recorder)).toMatchObject({ since: 'death', from: died, openedAt: null, firstCommitAt: null });
    expect(only(recorder).attempts.map(({ token, end }) => [token, end])).toEqual([
      [2, 'open'],
      [3, null],
    ]);
  });

  describe('FENCE-56 a change of the writer by plan is no part of the outage before it', () => {
    const fence = (token: number): Line => ['meta', { kind: 'volume.fence', volume: 'v1', token }];
    const fenced = (token: number): Line => [
      'rw',
      { kind: 'volume.fenced', volume: 'v1', token, seen: token + 1 },
    ];
    const wrote = (value: number, term: number): Line => [
      'rw',
      { kind: 'mark.vdl', volume: 'v1', value, term },
    ];
    const times = (recorder: Recorder) =>
      shown(recorder).map(({ since, from, openedAt, firstCommitAt }) => [
        since,
        from,
        openedAt,
        firstCommitAt,
      ]);

    test('PCS-121 a transfer before any commit: it has its own cause, and the time to the first commit goes on', () => {
      const recorder = makeOf();
      const died = play(recorder, [...boot, ...tail, down('rw')]);
      const openedAt = play(recorder, recovered());
      const from = play(recorder, [fence(3), install('s1', 3), wrote(14, 2)]);
      play(recorder, [install('s2', 3), recoveryStep('token', 0), recoveryStep('R1', 3), fenced(2)]);
      expect(times(recorder)).toEqual([
        ['death', died, openedAt, null],
        ['transfer', from, null, null],
      ]);
      const moved = play(recorder, [recoveryStep('R7', 3), done(3, 20)]);
      const first = play(recorder, [acked(21, 3)]);
      expect(times(recorder)).toEqual([
        ['death', died, openedAt, first],
        ['transfer', from, moved, first],
      ]);
    });

    test('FENCE-4 what each node promised when is the same in both, though the transfer is found out later', () => {
      const recorder = makeOf();
      play(recorder, [...boot, ...tail, down('rw')]);
      play(recorder, recovered());
      play(recorder, [fence(3), install('s1', 3), wrote(14, 2)]);
      play(recorder, [install('s2', 3), recoveryStep('token', 0), recoveryStep('R1', 3), fenced(2)]);
      const [death, transfer] = outageFrames(recorder.outages, recorder.calls);
      const after = transfer?.tokens.filter(({ at }) => at > transfer.from) ?? [];
      expect(after.map(({ node, token }) => `${node} ${token}`)).toContain('s2 3');
      for (const one of after) expect(death?.tokens).toContainEqual(one);
      // As of its beginning each has what it had then.
      expect(transfer?.tokens).toContainEqual(expect.objectContaining({ node: 's2', token: 2 }));
    });

    test('the primary before it is fenced first: the same', () => {
      const recorder = makeOf();
      const died = play(recorder, [...boot, ...tail, down('rw')]);
      const openedAt = play(recorder, recovered());
      const from = play(recorder, [fence(3), install('s1', 3)]);
      play(recorder, [fenced(2), recoveryStep('token', 0), recoveryStep('R1', 3)]);
      expect(times(recorder)).toEqual([
        ['death', died, openedAt, null],
        ['transfer', from, null, null],
      ]);
    });

    test('PCS-49 where the metadata have given the primary up it is no plan', () => {
      const recorder = makeOf();
      const died = play(recorder, [...boot, ...tail, down('rw')]);
      play(recorder, recovered());
      play(recorder, [
        ['meta', { kind: 'leader.lost', volume: 'v1', leader: 'rw', why: 'silent' }],
        fence(3),
        install('s1', 3),
        fenced(2),
        recoveryStep('token', 0),
        recoveryStep('R1', 3),
      ]);
      expect(times(recorder)).toEqual([['death', died, null, null]]);
    });

    test('a primary that dies on the way: the outage is of that death', () => {
      const recorder = makeOf();
      play(recorder, [...boot, ...tail, fence(2), install('s1', 2)]);
      const died = play(recorder, [down('rw')]);
      play(recorder, recovered());
      expect(times(recorder).map(([since, from]) => [since, from])).toEqual([['death', died]]);
    });

    test('FENCE-33 a handover begins when the writer takes nothing more, unless it thaws', () => {
      const freeze = (state: string): Line => [
        'rw',
        { kind: 'attachment.freeze', volume: 'v1', state, token: 1, vdl: 3 },
      ];
      const recorder = makeOf();
      play(recorder, [...boot, freeze('freeze'), freeze('thaw')]);
      const from = play(recorder, [freeze('freeze')]);
      play(recorder, [freeze('handoff'), ...recovered()]);
      expect(only(recorder)).toMatchObject({ since: 'handover', from, writer: 'rw' });
      const other = makeOf();
      play(other, [...boot, freeze('freeze'), freeze('thaw'), ...recovered()]);
      expect(only(other).since).toBe('start');
    });
  });

  test('FENCE-14 a writer that was fenced has the volume open no more', () => {
    const recorder = makeOf();
    const at0 = play(recorder, [...boot, ['rw', { kind: 'volume.fenced', volume: 'v1', token: 1, seen: 2 }]]);
    expect(only(recorder)).toMatchObject({ writer: 'rw', since: 'fence', from: at0 });
  });
});

describe('FENCE-20 a writer that runs and cannot write: the outage is as old as what keeps it from it', () => {
  const action = (name: string, text: string, isUndo = false): Line => [
    'rw',
    { kind: 'world.action', action: name, text, isUndo, hadEffect: true },
  ];
  const vdl = (value: number): Line => ['rw', { kind: 'mark.vdl', volume: 'v1', value, term: 1 }];

  test('it is frozen when the next one takes over', () => {
    const recorder = makeOf();
    const frozenAt = play(recorder, [...boot, action('freeze', 'freeze rw for 100.000 ms')]);
    play(recorder, recovered());
    expect(only(recorder)).toMatchObject({ writer: 'rw', since: 'freeze', from: frozenAt });
  });

  test('one that woke before was not kept from it by that', () => {
    const recorder = makeOf();
    const freeze = 'freeze rw for 100.000 ms';
    play(recorder, [...boot, action('freeze', freeze), action('freeze', freeze, true)]);
    play(recorder, recovered());
    expect(only(recorder).since).toBe('start');
  });

  test('the first cut after which VDL did not move, not one before', () => {
    const recorder = makeOf();
    play(recorder, [...boot, action('cut', 'cut rw | s1'), vdl(7)]);
    const cutAt = play(recorder, [action('cut', 'cut rw | s2')]);
    play(recorder, [action('cut', 'cut rw | s3'), ...recovered()]);
    expect(only(recorder)).toMatchObject({ writer: 'rw', since: 'cut', from: cutAt });
  });

  test('a cut between others, and one that was healed, are no cause', () => {
    const recorder = makeOf();
    play(recorder, [...boot, action('cut', 'cut s1 | s2'), ...recovered()]);
    expect(only(recorder).since).toBe('start');
    const other = makeOf();
    play(other, [...boot, action('cut', 'cut rw | s2'), action('healAll', 'heal all'), ...recovered()]);
    expect(only(other).since).toBe('start');
  });

  test('of two cuts the one that was not healed stands', () => {
    const recorder = makeOf();
    play(recorder, [...boot, action('cut', 'cut rw | s1')]);
    const cutAt = play(recorder, [action('cut', 'cut rw | s2')]);
    play(recorder, [action('heal', 'heal rw | s1'), ...recovered()]);
    expect(only(recorder)).toMatchObject({ since: 'cut', from: cutAt });
  });
});

describe('WAL-20 acknowledged commits that a recovery leaves out are counted', () => {
  test('of what was acknowledged above VDL′, also by an older writer that goes on', () => {
    const recorder = makeOf();
    play(recorder, [...boot, acked(5, 1), down('rw'), ...recovered(4)]);
    expect(only(recorder)).toMatchObject({ lastAcked: 5, lost: 1, isLostAtLeast: false });
    play(recorder, [acked(6, 1), acked(4, 1), acked(15, 2)]);
    expect(only(recorder).lost).toBe(2);
  });

  test('in a run opened from its disks nothing before is known, and that is said', () => {
    const recorder = makeOf(5 as Time);
    play(recorder, recovered());
    expect(only(recorder)).toMatchObject({ since: 'start', writer: null, lost: 0, isLostAtLeast: true });
  });

  test('when older commits are forgotten and all that is remembered is lost, it is at least so many', () => {
    const recorder = makeOf();
    play(recorder, [...boot, ...Array.from({ length: 1000 }, (_, i) => acked(100 + i, 1)), down('rw')]);
    play(recorder, recovered());
    const { lost, isLostAtLeast } = only(recorder);
    expect(lost).toBeGreaterThan(200);
    expect(lost).toBeLessThan(1000);
    expect(isLostAtLeast).toBe(true);
  });
});

test('a keyframe brings the outage along', () => {
  const recorder = makeOf();
  play(recorder, [...boot, down('rw'), ...recovered()]);
  const packed = packRecorder(recorder, 1000 as Time);
  expect(outageFrames(packed.outages, packed.calls)).toEqual(shown(recorder));
});
