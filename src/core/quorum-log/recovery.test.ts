// The opening of a volume as transcripts: what is sent at each step, who is waited for, what a late answer does
// (docs/spec/wal.md §9, failover.md §1 and §4). One group p{A, B, C}, vw = vr = 2.

import { describe, expect, test } from 'vitest';
import { groupId, type NodeId, nodeId, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { pageKey, tabletRelation } from '../page/page-key.ts';
import {
  onRecoveryReply,
  onRecoveryTimer,
  onTermStarted,
  onWriterStarted,
  openedVolume,
  RECOVER_TIMER,
  startRecovery,
} from './recovery.ts';
import { makeRecovery, type RecoveryState } from './recovery-state.ts';
import {
  type Collected,
  descriptorOf,
  lsnOf,
  makeContext,
  termOf,
  timerAt,
  tracesOf,
} from './writer-fixture.ts';
import { recoveryView } from './writer-view.ts';

const p = descriptorOf('p', 0, ['A', 'B', 'C']);
const meta = nodeId('meta-1');
const config: NodeConfig = {
  nodeId: nodeId('rw-1'),
  roles: ['compute'],
  cluster: { preset: 'cynosdb', volume: 'v1', nodes: [], groups: [] },
  params: { ...demoParams, lal: 10 },
  prng: makePrng(1, 'rw-1'),
  mutants: [],
};

interface Run {
  readonly r: RecoveryState;
  readonly ctx: Collected;
}

/** A writer of boot 2 that has asked for its token. */
function start(): Run {
  const run = { r: makeRecovery(config, 'v1', meta, 2), ctx: makeContext() };
  startRecovery(run.r, run.ctx);
  return run;
}

/** What was sent since the last call, as `A InstallToken 3`. */
function sent({ ctx }: Run): string[] {
  const lines = ctx.effects.flatMap((effect) =>
    effect.kind === 'send' ? [`${effect.to} ${label(effect.message)}`] : [],
  );
  const rest = ctx.effects.filter(({ kind }) => kind !== 'send');
  ctx.effects.splice(0, ctx.effects.length, ...rest);
  return lines;
}

function label(m: Message): string {
  if (m.kind === 'SetWriter') return `SetWriter ${m.term} ${m.state}`;
  if (m.kind === 'InstallHistory') return `InstallHistory ${m.token} maxNwl ${m.maxNwl}`;
  if (m.kind === 'OpenVolume') return `OpenVolume ${m.token} vdl ${m.vdl} start ${m.startLsn}`;
  return 'token' in m ? `${m.kind} ${m.token}` : m.kind;
}

const take = ({ r, ctx }: Run, from: string, m: Parameters<typeof onRecoveryReply>[3]): void =>
  onRecoveryReply(r, ctx, nodeId(from), m);

const granted = (
  token: number,
  more: Partial<MessageOf<'TokenGranted'>> = {},
): MessageOf<'TokenGranted'> => ({
  kind: 'TokenGranted',
  receivers: null,
  volume: 'v1',
  reqId: 1,
  boot: 2,
  token: termOf(token),
  created: true,
  groups: [p],
  error: '',
  ...more,
});
const writerSet = (reqId: number, token = 3, error: '' | 'STALE_TERM' = ''): MessageOf<'WriterSet'> => ({
  kind: 'WriterSet',
  volume: 'v1',
  reqId,
  boot: 2,
  term: termOf(token),
  error,
});
const installed = (token = 3): MessageOf<'InstallAck'> => ({
  kind: 'InstallAck',
  group: groupId('p'),
  maxToken: termOf(token),
  volumeEpoch: termOf(1),
  memberEpoch: 1,
  geoEpoch: 1,
  refused: null,
});
const info = (scl: number, knownVdl: number, token = 3): MessageOf<'RecoveryInfo'> => ({
  kind: 'RecoveryInfo',
  group: groupId('p'),
  maxToken: termOf(token),
  volumeEpoch: termOf(1),
  memberEpoch: 1,
  geoEpoch: 1,
  scl: lsnOf(scl),
  ncl: lsnOf(scl),
  nwl: lsnOf(scl),
  knownVdl: lsnOf(knownVdl),
  groupTail: lsnOf(knownVdl),
  pgmrpl: lsnOf(2),
  logFloor: lsnOf(0),
  history: [{ term: termOf(1), startLsn: lsnOf(0), prevEnd: lsnOf(-1) }],
  records: Array.from({ length: scl - knownVdl + 1 }, (_, i) => ({
    lsn: lsnOf(knownVdl + i),
    prevVolume: lsnOf(knownVdl + i - 1),
    cpl: true,
  })),
  refused: null,
});
const history = (scl: number, token = 3): MessageOf<'HistoryAck'> => ({
  kind: 'HistoryAck',
  group: groupId('p'),
  token: termOf(token),
  volumeEpoch: termOf(token),
  phase: scl < 7 ? 'FILLING' : 'DONE',
  removed: [],
  scl: lsnOf(scl),
  ncl: lsnOf(scl),
  nwl: lsnOf(scl),
  missing: scl < 7 ? [[scl + 1, 8]] : [],
  unfillable: [],
  refused: null,
});
const opened = (token = 3): MessageOf<'OpenAck'> => ({
  kind: 'OpenAck',
  group: groupId('p'),
  token: termOf(token),
  scl: lsnOf(7),
  refused: null,
});

/** Token 3 granted and at A and B, the claim answered: R2 is under way. */
function reading(): Run {
  const run = start();
  take(run, 'meta-1', granted(3));
  take(run, 'A', installed());
  take(run, 'B', installed());
  take(run, 'meta-1', writerSet(2));
  sent(run);
  return run;
}

describe('the steps', () => {
  test('WAL-50…57, FENCE-1, FENCE-9, FENCE-16, FENCE-25 H1, R1, H3, R2 to R7, H8: each only after the one before', () => {
    const run = start();
    expect(sent(run)).toEqual(['meta-1 GrantToken']);
    take(run, 'meta-1', granted(3));
    expect(sent(run)).toEqual(['A InstallToken 3', 'B InstallToken 3', 'C InstallToken 3']);
    take(run, 'A', installed());
    expect(sent(run)).toEqual([]);
    take(run, 'B', installed());
    expect(sent(run)).toEqual(['meta-1 SetWriter 3 RECOVERING']);
    take(run, 'meta-1', writerSet(2));
    expect(sent(run)).toEqual(['A RecoveryRead 3', 'B RecoveryRead 3', 'C InstallToken 3']);
    take(run, 'A', info(7, 4));
    expect(sent(run)).toEqual([]);
    take(run, 'B', info(5, 4));
    expect(sent(run)).toEqual([
      'A InstallHistory 3 maxNwl 7',
      'B InstallHistory 3 maxNwl 7',
      'C InstallToken 3',
    ]);
    expect(tracesOf(run.ctx, 'recovery.computed')).toEqual([
      { kind: 'recovery.computed', volume: 'v1', token: 3, vclPrime: 7, vdlPrime: 7, startLsn: 18 },
    ]);
    take(run, 'A', history(7));
    take(run, 'B', history(5));
    expect([run.r.phase, sent(run)]).toEqual(['fill', []]);
    take(run, 'B', history(7));
    expect(sent(run)).toEqual([
      'A OpenVolume 3 vdl 7 start 18',
      'B OpenVolume 3 vdl 7 start 18',
      'C InstallToken 3',
    ]);
    take(run, 'A', opened());
    expect(run.r.phase).toBe('open');
    take(run, 'B', opened());
    expect(run.r.phase).toBe('opened');
    onWriterStarted(run.r, run.ctx);
    expect([run.r.phase, sent(run)]).toEqual(['termStart', []]);
    onTermStarted(run.r, run.ctx);
    expect(sent(run)).toEqual(['meta-1 SetWriter 3 OPEN']);
    take(run, 'meta-1', writerSet(3));
    expect(run.r.phase).toBe('done');
    expect(tracesOf(run.ctx, 'recovery.step').map(({ step }) => step)).toEqual([
      'token',
      'R1',
      'R2',
      'R3',
      'R4',
      'R5',
      'R6',
      'R7',
    ]);
  });

  test('WAL-18, WAL-25, FENCE-3 what the writer starts from: VDL′, H′, the SCLs reported, the highest pgmrpl', () => {
    const run = reading();
    take(run, 'A', info(7, 4));
    take(run, 'B', info(5, 4));
    for (const from of ['A', 'B']) take(run, from, history(7));
    for (const from of ['A', 'B']) take(run, from, opened());
    const volume = openedVolume(run.r);
    expect([volume.term, volume.vdlPrime, volume.startLsn, volume.pgmrpl]).toEqual([3, 7, 18, 2]);
    expect(volume.history).toEqual([
      { term: 1, startLsn: 0, prevEnd: -1 },
      { term: 3, startLsn: 18, prevEnd: 7 },
    ]);
    expect(volume.groups[0]).toMatchObject({ maxNwl: 7, opened: ['A', 'B'] });
    expect([...(volume.groups[0]?.scls ?? [])]).toEqual([
      ['A', 7],
      ['B', 7],
    ]);
  });

  test('F17 FENCE-9 FENCE-25 nothing is read before the token is at a write quorum of every group', () => {
    const q = descriptorOf('q', 1, ['D', 'E', 'F']);
    const run = start();
    take(run, 'meta-1', granted(3, { groups: [p, q] }));
    for (const from of ['A', 'B', 'C']) take(run, from, installed());
    take(run, 'D', { ...installed(), group: groupId('q') });
    sent(run);
    run.ctx.now = 50_000 as Time;
    onRecoveryTimer(run.r, run.ctx);
    expect([run.r.phase, sent(run)]).toEqual(['fence', ['E InstallToken 3', 'F InstallToken 3']]);
    take(run, 'E', { ...installed(), group: groupId('q') });
    expect(sent(run)).toEqual(['meta-1 SetWriter 3 RECOVERING']);
  });

  test('WAL-59 a replica that comes late is led through the steps it missed', () => {
    const run = reading();
    take(run, 'A', info(7, 4));
    take(run, 'B', info(5, 4));
    take(run, 'A', history(7));
    take(run, 'B', history(7));
    sent(run);
    take(run, 'C', installed());
    expect(sent(run)).toEqual(['C InstallHistory 3 maxNwl 7']);
    take(run, 'C', history(3));
    expect(sent(run)).toEqual(['C OpenVolume 3 vdl 7 start 18']);
    take(run, 'C', opened());
    take(run, 'A', opened());
    expect(run.r.phase).toBe('opened');
    expect(openedVolume(run.r).groups[0]?.opened).toEqual(['C', 'A']);
  });

  test('WAL-63 a step is repeated every recoveryRetryMs, to those alone that have not answered', () => {
    const run = start();
    take(run, 'meta-1', granted(3));
    take(run, 'B', installed());
    sent(run);
    expect(timerAt(run.ctx, RECOVER_TIMER)).toBe(10_000);
    run.ctx.now = 10_000 as Time;
    onRecoveryTimer(run.r, run.ctx);
    expect(sent(run)).toEqual(['A InstallToken 3', 'C InstallToken 3']);
    expect(timerAt(run.ctx, RECOVER_TIMER)).toBe(20_000);
  });

  test('WAL-52 R3 and R4 are computed once per token, whatever comes later', () => {
    const run = reading();
    take(run, 'A', info(7, 4));
    take(run, 'B', info(5, 4));
    take(run, 'C', installed());
    take(run, 'C', info(9, 4));
    expect(run.r.recovered?.vdlPrime).toBe(7);
    expect(tracesOf(run.ctx, 'recovery.computed').length).toBe(1);
  });

  test('WAL-60, FENCE-32 a recovery asks for log metadata only, however long the log', () => {
    const run = reading();
    take(run, 'A', info(7, 4));
    take(run, 'B', info(5, 4));
    for (const from of ['A', 'B']) take(run, from, history(7));
    for (const from of ['A', 'B']) take(run, from, opened());
    expect(sent(run).filter((line) => /ReadPage|GapReq/.test(line))).toEqual([]);
  });
});

describe('answers that must do nothing', () => {
  test('FENCE-1 a grant to an earlier life of this node is not used', () => {
    const run = start();
    sent(run);
    take(run, 'meta-1', granted(2, { boot: 1 }));
    take(run, 'meta-1', granted(2, { error: 'TOKEN_RACE' }));
    expect([run.r.phase, run.r.token, sent(run)]).toEqual(['grant', 0, []]);
  });

  test('WAL-49, WAL-51 answers of an earlier token, of strangers and of other groups count for nothing', () => {
    const run = start();
    take(run, 'meta-1', granted(3));
    for (const from of ['A', 'B', 'C']) take(run, from, installed(2));
    take(run, 'X', installed());
    take(run, 'Y', installed());
    take(run, 'A', { ...installed(), group: groupId('q') });
    expect(run.r.groups[0]?.tokens.size).toBe(0);
    const later = reading();
    take(later, 'A', info(7, 4, 2));
    take(later, 'B', info(7, 4, 2));
    expect(later.r.phase).toBe('read');
    take(later, 'A', info(7, 4));
    take(later, 'B', info(5, 4));
    for (const from of ['A', 'B']) take(later, from, history(7, 2));
    expect(later.r.phase).toBe('install');
  });

  test('HOLE-58, WAL-39 a replica that is not fit to answer is no part of the read quorum', () => {
    const run = reading();
    take(run, 'A', info(7, 4));
    take(run, 'B', { ...info(5, 4), refused: { code: 'NOT_READY', which: '', current: 4 } });
    expect(run.r.phase).toBe('read');
    run.ctx.now = 50_000 as Time;
    onRecoveryTimer(run.r, run.ctx);
    expect(sent(run)).toEqual(['B RecoveryRead 3', 'C InstallToken 3']);
  });
});

describe('losing', () => {
  test.each([
    { what: 'InstallAck', from: 'C', reply: installed(4) },
    { what: 'HistoryAck', from: 'C', reply: history(7, 4) },
    {
      what: 'TOKEN_STALE',
      from: 'C',
      reply: { ...installed(4), refused: { code: 'TOKEN_STALE', which: '', current: 4 } as const },
    },
  ])('WAL-13, FENCE-14, FENCE-29 a greater token in $what ends this recovery', ({ from, reply }) => {
    const run = reading();
    take(run, from, reply);
    expect(run.r.phase).toBe('fenced');
    expect(tracesOf(run.ctx, 'volume.fenced')).toEqual([
      { kind: 'volume.fenced', volume: 'v1', token: 3, seen: 4 },
    ]);
    onRecoveryTimer(run.r, run.ctx);
    take(run, 'A', info(7, 4));
    expect(sent(run)).toEqual([]);
  });

  test('FENCE-16 STALE_TERM: another writer has a later token', () => {
    const run = start();
    take(run, 'meta-1', granted(3));
    for (const from of ['A', 'B']) take(run, from, installed());
    take(run, 'meta-1', writerSet(2, 3, 'STALE_TERM'));
    expect(run.r.phase).toBe('fenced');
  });
});

describe('creation', () => {
  const created: MessageOf<'OpenAck'> = { ...opened(1), scl: lsnOf(0) };

  test('WAL-4 token 1: genesis everywhere, then H8 and LSN 1, no R1…R7', () => {
    const run = start();
    sent(run);
    take(run, 'meta-1', granted(1, { created: false }));
    expect(sent(run)).toEqual(['A CreateReplica 1', 'B CreateReplica 1', 'C CreateReplica 1']);
    take(run, 'A', created);
    take(run, 'B', created);
    expect(run.r.phase).toBe('create');
    take(run, 'C', created);
    expect(run.r.phase).toBe('opened');
    expect(openedVolume(run.r)).toMatchObject({ term: 1, startLsn: 1, vdlPrime: 0, pgmrpl: 0 });
    onWriterStarted(run.r, run.ctx);
    expect(sent(run)).toEqual(['meta-1 SetWriter 1 OPEN']);
    expect(recoveryView(run.r)).toBeNull();
  });

  test('WAL-4, FENCE-2 a later token goes on with the same creation, then recovers', () => {
    const run = start();
    sent(run);
    take(run, 'meta-1', granted(2, { created: false }));
    expect(sent(run)).toEqual(['A CreateReplica 1', 'B CreateReplica 1', 'C CreateReplica 1']);
    take(run, 'A', created);
    take(run, 'B', { ...created, refused: { code: 'TOKEN_STALE', which: '', current: 2 }, token: termOf(2) });
    take(run, 'C', created);
    expect(sent(run)).toEqual(['A InstallToken 2', 'B InstallToken 2', 'C InstallToken 2']);
  });

  test('PCS-120 a member that is silent for 25 heartbeats is left out once a write quorum of a tablet has its replicas', () => {
    const tablet = { ...p, keyFirst: pageKey(tabletRelation(0), 0, 0) };
    const later = 25 * demoParams.nodeHeartbeatMs * 1000;
    const until = (token: number, groups: Descriptor[], us: number): Run => {
      const run = start();
      take(run, 'meta-1', granted(token, { created: false, groups }));
      take(run, 'A', created);
      run.ctx.now = us as Time;
      onRecoveryTimer(run.r, run.ctx);
      expect(run.r.phase).toBe('create');
      take(run, 'C', created);
      sent(run);
      onRecoveryTimer(run.r, run.ctx);
      return run;
    };
    expect(sent(until(1, [tablet], later - 1))).toEqual(['B CreateReplica 1']);
    expect(sent(until(1, [p], later))).toEqual(['B CreateReplica 1']);
    const first = until(1, [tablet], later);
    expect(sent(first)).toEqual([]);
    expect(first.r.phase).toBe('opened');
    expect(openedVolume(first.r).groups).toMatchObject([{ opened: ['A', 'C'] }]);
    expect(sent(until(2, [tablet], later))).toEqual([
      'A InstallToken 2',
      'B InstallToken 2',
      'C InstallToken 2',
    ]);
  });

  test('WAL-4 whoever creates the volume makes the same bytes', () => {
    const genesis = (token: number): Uint8Array[] => {
      const run = start();
      run.ctx.now = (token * 1000) as Time;
      take(run, 'meta-1', granted(token, { created: false }));
      return run.ctx.effects.flatMap((effect) =>
        effect.kind === 'send' && effect.message.kind === 'CreateReplica' ? [effect.message.genesis] : [],
      );
    };
    expect(genesis(1).length).toBe(3);
    expect(genesis(2)).toEqual(genesis(1));
  });
});

test('the view counts who has done which step', () => {
  const run = reading();
  take(run, 'A', info(7, 4));
  take(run, 'B', info(5, 4));
  take(run, 'A', history(7));
  take(run, 'B', history(5));
  const nodes = (names: string[]): NodeId[] => names.map(nodeId);
  expect(recoveryView(run.r)).toEqual({
    step: 'R6',
    token: 3,
    vclPrime: 7,
    vdlPrime: 7,
    startLsn: 18,
    annulled: [8, 18],
    groups: [
      {
        group: 'p',
        tokens: nodes(['A', 'B']),
        infos: nodes(['A', 'B']),
        histories: nodes(['A', 'B']),
        filled: nodes(['A']),
        pgclPrime: 7,
        maxNwl: 7,
        left: 2,
      },
    ],
  });
});
