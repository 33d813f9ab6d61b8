// Steps of a script where nothing can be waited for, or somebody's own session is in the way.

import { expect, test } from 'vitest';
import type { Lab } from '../../lab/api.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { openScript, scriptStore, takeAll } from './script-run.ts';
import { holderFor, lastHolder } from './session-standing.ts';
import { markBusy, type SqlTarget } from './sql-store.ts';

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
