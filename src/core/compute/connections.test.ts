// Command and read connections (docs/spec/failover.md FENCE-53): what ends one, and what is left then.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, nodeId, type Term } from '../../base/ids.ts';
import type { Descriptor, Refusal } from '../kernel/fields.ts';
import type { Message } from '../kernel/messages.ts';
import { connectionViews, hearAnswer, makeCommands, openCommands } from './connections.ts';

const [one, two, three] = ['store-1', 'store-2', 'store-3'].map(nodeId) as [
  ReturnType<typeof nodeId>,
  ReturnType<typeof nodeId>,
  ReturnType<typeof nodeId>,
];
const descriptor: Descriptor = {
  group: groupId('g1'),
  sets: [[two, one, three]],
  learners: [],
  memberEpoch: 1,
  geoEpoch: 1,
  keyFirst: 0,
  keyEnd: 10,
  baseLsn: 0 as Lsn,
  vw: 2,
  vr: 2,
};

const answer = (code: Refusal['code'] | null, current: number): Message => ({
  kind: 'OpenAck',
  group: groupId('g1'),
  token: 1 as Term,
  scl: 0 as Lsn,
  refused: code === null ? null : { code, which: '', current },
});

const shown = (commands: ReturnType<typeof makeCommands>, isWriter: boolean): string[] =>
  connectionViews(commands, [descriptor, descriptor], isWriter).map(
    ({ store, command, token, seen }) => `${store} ${command} ${token} ${seen}`,
  );

describe('FENCE-53', () => {
  test('a reader has read connections only', () => {
    expect(shown(makeCommands(), false)).toEqual([
      'store-1 none 0 0',
      'store-2 none 0 0',
      'store-3 none 0 0',
    ]);
  });

  test('a refusal for the token ends the command connection to that store only; other refusals end none', () => {
    const commands = makeCommands();
    openCommands(commands, 100 as Term);
    hearAnswer(commands, one, answer(null, 0));
    hearAnswer(commands, one, answer('NOT_READY', 101));
    hearAnswer(commands, two, answer('EPOCH_AHEAD', 99));
    expect(shown(commands, true)).toEqual(['store-1 open 100 0', 'store-2 open 100 0', 'store-3 open 100 0']);
    hearAnswer(commands, two, answer('TOKEN_STALE', 101));
    expect(shown(commands, true)).toEqual([
      'store-1 open 100 0',
      'store-2 ended 100 101',
      'store-3 open 100 0',
    ]);
  });

  test('a fenced writer that reads on keeps its read connections; what refused it is reported until it writes again', () => {
    const commands = makeCommands();
    openCommands(commands, 100 as Term);
    for (const store of [one, two, three]) hearAnswer(commands, store, answer('TOKEN_STALE', 101));
    expect(shown(commands, false)).toEqual([
      'store-1 ended 100 101',
      'store-2 ended 100 101',
      'store-3 ended 100 101',
    ]);
    openCommands(commands, 102 as Term);
    hearAnswer(commands, one, answer('TOKEN_STALE', 101)); // late, to the token before
    expect(shown(commands, true)).toEqual(['store-1 open 102 0', 'store-2 open 102 0', 'store-3 open 102 0']);
  });
});
