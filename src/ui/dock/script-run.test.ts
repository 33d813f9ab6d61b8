// Steps of a script where nothing can be waited for, or somebody's own session is in the way.

import { expect, test } from 'vitest';
import type { Lab } from '../../lab/api.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { findPreset } from '../../stacks/presets.ts';
import { frameStore } from '../../state/frame-store.ts';
import { sendThrough } from '../../state/sent-statements.ts';
import { clientSessions } from './client-sessions.tsx';
import { openScript, scriptStore, takeAll } from './script-run.ts';
import { circleOf, holderFor, lastHolder } from './session-standing.ts';
import { goOn, markBusy, runSql, type SqlTarget, sqlStore } from './sql-store.ts';

const targetOf = (letter: string): SqlTarget => ({
  letter,
  driver: 'd1',
  volume: 'v1',
  isFirst: true,
  reader: null,
});

test('a session that is busy with no statement of its own takes no step, and the script stands', async () => {
  openScript({ file: 'x.spec', orders: [[{ letter: 'A', name: 'a1', text: 'select 1' }]] });
  const busy = markBusy(targetOf('A'));
  await takeAll({} as Lab, targetOf);
  busy.isOver();
  expect(scriptStore.getState().playing).toMatchObject({ taken: 0, isGoing: false });
});

test('time passes to the answer of the session that is asked about, not of one of the same name at another driver', async () => {
  let answer = (): void => {};
  const asked: string[] = [];
  const lab = {
    subscribe: () => () => {},
    run: () => null,
    frame: () => null,
    pause: () => {},
    sql: () =>
      new Promise((resolve) => {
        answer = () => resolve({ requestId: 'r1', askedAt: 0, latencyUs: 1, result: { statements: [] } });
      }),
    runUntil: (condition: string) => {
      asked.push(condition);
      answer();
      return Promise.resolve({ ok: true, end: 'found', at: 1 });
    },
  } as unknown as Lab;
  const target = targetOf('A');
  const done = runSql(lab, { text: 'select 1', target, runToReply: false });
  expect(await goOn(lab, target)).toEqual({ holder: null, isAnswered: true });
  await done;
  sqlStore.setState({ runs: [] });
  expect(asked).toEqual(['sql.end session=A node=d1']);
});

type Blocked = readonly (readonly [session: string, driver: string, holder: string, of: string])[];

const nodes = (blocked: Blocked) =>
  [
    {
      id: 'rw-1',
      status: 'up',
      view: {
        roles: [
          {
            role: 'compute',
            blocks: [],
            others: [],
            blocked: blocked.map(([session, node, holder, of]) => ({
              session,
              node,
              waiting: 'lock',
              waitsFor: 1,
              holder: { session: holder, node: of },
            })),
          },
        ],
      },
    },
  ] as unknown as readonly NodeFrame[];

test('who is waited for is a session of its own driver, at the end of those who wait for each other', () => {
  const chain = nodes([
    ['A', 'd1', 'A', 'd2'],
    ['A', 'd2', 'B', 'd1'],
  ]);
  expect(holderFor(chain, { session: 'A', driver: 'd1' })).toEqual({
    session: 'A',
    driver: 'd2',
  });
  expect(lastHolder(chain, { session: 'A', driver: 'd1' })).toEqual({
    session: 'B',
    driver: 'd1',
  });
  expect(lastHolder(chain, { session: 'B', driver: 'd1' })).toBeNull();
  const circle = nodes([
    ['A', 'd1', 'B', 'd1'],
    ['B', 'd1', 'A', 'd1'],
  ]);
  expect(lastHolder(circle, { session: 'A', driver: 'd1' })).toBeNull();
});

test('those who wait for each other are named from the one that is asked about on; who only waits for them is not among them', () => {
  const waiting = nodes([
    ['A', 'd1', 'B', 'd1'],
    ['B', 'd1', 'pg2_x1', 'd1'],
    ['pg2_x1', 'd1', 'A', 'd1'],
    ['C', 'd1', 'A', 'd1'],
  ]);
  const circle = (session: string) =>
    circleOf(waiting, { session, driver: 'd1' })?.map((place) => place.session) ?? null;
  expect(circle('B')).toEqual(['B', 'pg2_x1', 'A']);
  expect(circle('C')).toBeNull();
  expect(circle('D')).toBeNull();
});

test('a statement that the strip sends for a session of the console goes through the console, another one does not', async () => {
  const asked: unknown[] = [];
  const lab = {
    subscribe: () => () => undefined,
    sql: (...args: unknown[]) => {
      asked.push(args);
      return Promise.reject(new Error('the cluster is gone'));
    },
  } as unknown as Lab;
  const found = findPreset('cynosdb');
  if (found === null) throw new Error('no preset');
  frameStore.setState({ cluster: found.cluster, nodes: {} });
  const sent = sendThrough(lab, { session: 'B', driver: 'd1', text: 'ROLLBACK' });
  expect(await sent).toMatchObject({ failure: 'the cluster is gone' });
  expect(sqlStore.getState().runs.map(({ text, target }) => `${target.letter} ${text}`)).toEqual([
    'B ROLLBACK',
  ]);
  expect(asked).toEqual([['B', 'ROLLBACK', { runToReply: false, driver: 'd1' }]]);
  expect(sendThrough(lab, { session: 'main/1', driver: 'd1', text: 'ROLLBACK' })).toBeNull();
  expect(sendThrough(lab, { session: 'B', driver: 'd9', text: 'ROLLBACK' })).toBeNull();
  sqlStore.setState({ runs: [] });
});

test('sessions of clients are those that are connected, that ask, and that have a transaction open; each once', () => {
  const frame = {
    nodes: [
      {
        id: 'd1',
        status: 'up',
        view: {
          roles: [
            {
              role: 'driver',
              waiting: [
                { session: 'pg7_k', text: 'select 1', sinceUs: 3 },
                { session: 'A', text: 'select 1', sinceUs: 3 },
              ],
            },
          ],
        },
      },
      {
        id: 'rw-1',
        status: 'up',
        view: {
          roles: [
            {
              role: 'compute',
              others: [],
              blocked: [],
              blocks: [{ session: 'pg3_k', node: 'd1', isFailed: false, sinceUs: 5 }],
            },
          ],
        },
      },
    ] as unknown as readonly NodeFrame[],
  };
  const connected = [
    { session: 'pg12_k', driver: 'd1' },
    { session: 'pg7_k', driver: 'd1' },
  ];
  expect(
    clientSessions(frame, connected).map(({ id, session, driver }) => `${id} ${session} ${driver}`),
  ).toEqual(['3 pg3_k d1', '7 pg7_k d1', '12 pg12_k d1']);
});
