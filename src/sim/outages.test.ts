// Outages of a volume over the trace: from whose death to which commit, each attempt with its steps and answers, what
// clients were told, and whether what a recovery left out was acknowledged.

import { describe, expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import type { TraceEvent } from '../core/kernel/trace.ts';
import {
  append,
  cluster,
  committed,
  computed,
  durable,
  history,
  info,
  install,
  type Line,
  tail,
} from './checks/monitor-fixture.ts';
import { type OutageFrame, outageFrames } from './outages.ts';
import { makeRecorder, packRecorder, type Recorder, recordEvents } from './recorder.ts';

const makeOf = (resumedAt: Time | null = null): Recorder => makeRecorder(cluster, 10, resumedAt);

/** The lines happen 10 µs apart, after those before. */
function play(recorder: Recorder, lines: readonly Line[]): number {
  lines.forEach(([node, event]) => {
    const at = (10 * (recorder.firstIndex + recorder.listed.length)) as Time;
    const ids = { node: nodeId(node), ordinal: 1, causeNode: null, causeOrdinal: 0 };
    recordEvents(recorder, [{ ...ids, at, event }]);
  });
  return 10 * (recorder.listed.length - 1);
}

const shown = (recorder: Recorder): readonly OutageFrame[] =>
  outageFrames(recorder.outages, recorder.calls, 'v1');

function only(recorder: Recorder): OutageFrame {
  const [outage] = shown(recorder);
  if (outage === undefined) throw new Error('no outage');
  return outage;
}

const at = (node: string, event: TraceEvent): Line => [node, event];
const step = (name: string, token: number, node = 'rw'): Line =>
  at(node, { kind: 'recovery.step', volume: 'v1', step: name, token });
const down = (node: string, life = 1): Line => at(node, { kind: 'node.down', life, mode: 'durable' });
const open = (node: string, life = 2): Line => at(node, { kind: 'node.open', life });
const published = (token: number): Line =>
  at('meta', { kind: 'meta.writer', volume: 'v1', writer: 'rw', token, state: 'OPEN' });
const done = (token: number, startLsn: number): Line =>
  at('rw', { kind: 'recovery.done', volume: 'v1', token, vdl: startLsn, startLsn });
const opened = (node: string, token: number): Line => at(node, { kind: 'volume.open', group: 'g1', token });
const acked = (scn: number, term: number): Line =>
  at('rw', { kind: 'commit.ack', volume: 'v1', tx: 9, scn, vdl: scn, term });
const call = (client: string, op: number): Line =>
  at('d1', { kind: 'op.invoke', client, op, operation: 'put', key: 'k', value: '1' });
const answer = (client: string, op: number, outcome: string, scn = -1): Line =>
  at('d1', { kind: 'op.return', client, op, outcome, value: '', scn });

/** The volume is created: nothing of it is an outage. */
const boot: Line[] = [step('token', 0), published(1), install('s1', 1), install('s2', 1), ...committed];
const upToRead: Line[] = [open('rw'), step('token', 0), step('R1', 2), install('s1', 2), install('s2', 2)];
const recovered = (vdlPrime = 3): Line[] => [
  ...upToRead,
  step('R2', 2),
  step('R3', 2),
  info('s1', 5),
  info('s2', 3),
  step('R4', 2),
  computed(2, vdlPrime, 14),
  step('R5', 2),
  history('s1', 2, vdlPrime, 14, [4, 5]),
  history('s2', 2, vdlPrime, 14, []),
  step('R6', 2),
  durable('s2', [2, 3], 'peer'),
  step('R7', 2),
  opened('s1', 2),
  opened('s2', 2),
  append(14, 14, 2),
  done(2, 14),
];

describe('WAL-53 a writer dies and the next one opens the volume', () => {
  test('WAL-4 a creation is no outage', () => {
    const recorder = makeOf();
    play(recorder, [step('token', 0)]);
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

  test('WAL-58 it dies in its recovery: the outage goes on, the next attempt is told with it', () => {
    const recorder = makeOf();
    const died = play(recorder, [...boot, down('rw')]);
    play(recorder, [
      ...upToRead,
      step('R2', 2),
      down('rw', 2),
      open('rw', 3),
      step('token', 0),
      step('R1', 3),
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

  test('FENCE-14 a writer that was fenced has the volume open no more', () => {
    const recorder = makeOf();
    const at0 = play(recorder, [
      ...boot,
      at('rw', { kind: 'volume.fenced', volume: 'v1', token: 1, seen: 2 }),
    ]);
    expect(only(recorder)).toMatchObject({ writer: 'rw', from: at0 });
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

describe('FENCE-44 what clients were told over the outage', () => {
  test('acknowledged, replayed, failed, unknown, not answered; what was called after the opening is none of it', () => {
    const recorder = makeOf();
    play(recorder, [...boot, call('a/0', 1), answer('a/0', 1, 'ok', 3)]);
    play(recorder, [call('a/0', 2), call('b/0', 3), call('c@v2/0', 4), down('rw'), call('c/0', 5)]);
    expect(only(recorder).clients.map(({ client, waiting }) => [client, waiting])).toEqual([
      ['a/0', 1],
      ['b/0', 1],
      ['c/0', 1],
    ]);
    play(recorder, [answer('b/0', 3, 'unknown'), call('b/0', 6), answer('b/0', 6, 'error'), ...recovered()]);
    play(recorder, [answer('a/0', 2, 'ok', 3), call('a/0', 7), answer('a/0', 7, 'ok', 15)]);
    const none = { acknowledged: 0, replayed: 0, failed: 0, unknown: 0, waiting: 0 };
    expect(only(recorder).clients).toEqual([
      { ...none, client: 'a/0', acknowledged: 1, replayed: 1 },
      { ...none, client: 'b/0', failed: 1, unknown: 1 },
      { ...none, client: 'c/0', waiting: 1 },
    ]);
    expect(only(recorder).others).toBeNull();
  });

  test('clients beyond those that are listed are summed', () => {
    const recorder = makeOf();
    const calls = Array.from({ length: 70 }, (_, i) => call(`a/${i}`, i));
    play(recorder, [...boot, ...calls, down('rw')]);
    expect(only(recorder).clients.length).toBe(64);
    expect(only(recorder).others).toMatchObject({ waiting: 6 });
  });
});

test('a keyframe brings the outage along', () => {
  const recorder = makeOf();
  play(recorder, [...boot, down('rw'), ...recovered()]);
  const packed = packRecorder(recorder, 1000 as Time);
  expect(outageFrames(packed.outages, packed.calls, 'v1')).toEqual(shown(recorder));
});
