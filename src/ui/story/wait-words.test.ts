// What blocks progress, in words: every kind of wait and every obstacle has a sentence in both languages, and its ways out.

import { afterEach, expect, test, vi } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { Obstacle, Wait } from '../../run-model/waits/waits.ts';
import { setLanguage, t } from '../i18n/i18n.ts';
import { obstacleText, saidWaits, waitSentence, waitsSentence, waysOut } from './wait-words.ts';

vi.stubGlobal('document', { documentElement: { lang: 'en' } });
afterEach(() => setLanguage('en'));

const down = (node: string): Obstacle => ({
  kind: 'down',
  nodes: [nodeId(node)],
  of: '',
  stops: true,
  wayOut: { kind: 'restart', node: nodeId(node) },
});

const opening: Wait = {
  kind: 'opening',
  node: nodeId('rw-1'),
  key: 'opening rw-1',
  volume: 'v1',
  group: null,
  step: 'R2',
  have: 1,
  need: 2,
  sinceUs: 20_000,
  requests: 3,
  isBlocked: true,
  obstacles: [down('store-2'), down('store-3')],
};

test('WAL-58 a recovery that lacks a quorum says its step, its answers and all that stops it', () => {
  expect(waitSentence(opening, t)).toBe(
    'rw-1 cannot finish opening v1 (step R2): 1 of 2 answers: store-2 and store-3 are down',
  );
  expect(waysOut([opening])).toEqual(['restart store-2', 'restart store-3']);
});

test('the sentence counts the other waits, and leaves out those that may be over with the next message', () => {
  const young = { ...opening, key: 'young', sinceUs: 100, isBlocked: false };
  const stopped = { ...opening, key: 'stopped', sinceUs: 100 };
  const check: Wait = { ...opening, kind: 'check', key: 'check', obstacles: [down('meta-1')] };
  expect(saidWaits({ waits: [opening, young, check, stopped] }).map(({ key }) => key)).toEqual([
    'opening rw-1',
    'check',
    'stopped',
  ]);
  expect(waitsSentence([opening, check], t)).toMatch(/; one other wait$/);
  expect(waitsSentence([], t)).toBe('');
});

const kinds: Readonly<Record<Wait['kind'], true>> = {
  request: true,
  commit: true,
  log: true,
  buffer: true,
  page: true,
  metadata: true,
  lock: true,
  opening: true,
  hole: true,
  check: true,
  members: true,
  pcsChange: true,
  identity: true,
  restore: true,
  ddl: true,
  room: true,
};
const obstacles: Readonly<Record<Obstacle['kind'], true>> = {
  down: true,
  frozen: true,
  failed: true,
  cut: true,
  held: true,
  loss: true,
  diskStall: true,
  diskFull: true,
  diskFailSync: true,
  diskFailRead: true,
  slowLink: true,
  slowDisk: true,
  slowCpu: true,
  repairPaused: true,
  idleTransaction: true,
  replicaRefuses: true,
  replicaLost: true,
  replicaDamaged: true,
  noVolume: true,
  noLeader: true,
  readerRuns: true,
  readerHolds: true,
  readerHears: true,
  leaseRuns: true,
  deviceFull: true,
  diskNotOwn: true,
};

test.each(['en', 'zh-CN'] as const)(
  'in %s every kind of wait and every obstacle has words of its own',
  async (language) => {
    await setLanguage(language);
    const said = new Set<string>();
    for (const kind of Object.keys(kinds) as Wait['kind'][]) said.add(waitSentence({ ...opening, kind }, t));
    for (const kind of Object.keys(obstacles) as Obstacle['kind'][])
      said.add(obstacleText({ ...down('a-1'), kind, of: 'g1' }));
    expect(said.size).toBe(Object.keys(kinds).length + Object.keys(obstacles).length);
    for (const text of said) expect(text).not.toMatch(/^(wait|obstacle)\.|\{\{/);
  },
);
