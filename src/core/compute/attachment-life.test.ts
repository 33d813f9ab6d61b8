// READ-41 at the readers of every architecture: a request waits for its LSN, once, and for no longer than it may.

import { expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { lsnOf, makeContext } from '../quorum-log/writer-fixture.ts';
import { MAX_WAITERS } from '../reader/reader-limits.ts';
import { admit, serveWaited, type Waiter } from './attachment-life.ts';

const from = nodeId('d1');
const asked = (session: string, sequence: number, waitLsn: number): MessageOf<'PointedRequest'> =>
  ({
    kind: 'PointedRequest',
    session,
    incarnation: 1,
    sequence,
    waitLsn: lsnOf(waitLsn),
    inTransaction: false,
  }) as MessageOf<'PointedRequest'>;

function reader() {
  const ctx = makeContext();
  const attachment: { waiters: Waiter[] } = { waiters: [] };
  const applied = (lsn: number) => ({ volume: 'v1', applyLsn: lsnOf(lsn) });
  return {
    attachment,
    ask: (ms: number, message: MessageOf<'PointedRequest'>, applyLsn = 110) => {
      ctx.now = (ms * 1000) as Time;
      return admit(attachment, ctx, { from, message }, { ...applied(applyLsn), waitUs: 200_000 });
    },
    serve: (ms: number, applyLsn: number) => {
      ctx.now = (ms * 1000) as Time;
      const served: string[] = [];
      serveWaited(attachment, ctx, applied(applyLsn), ({ message }, code) =>
        served.push(`${message.session} ${message.sequence} ${code}`),
      );
      return served;
    },
  };
}

test('READ-41 a request that comes again waits from the first time on', () => {
  const { ask, serve } = reader();
  expect(ask(0, asked('s', 1, 120))).toBe('waits');
  expect(ask(150, asked('s', 1, 120))).toBe('waits already');
  expect(serve(199, 119)).toEqual([]);
  expect(serve(200, 119)).toEqual(['s 1 WAIT_LSN_TIMEOUT']);
});

test('READ-41 what a session asks next takes the place of what it asked for; others keep theirs', () => {
  const { ask, serve } = reader();
  ask(0, asked('s', 1, 120));
  ask(1, asked('other', 1, 115));
  expect(ask(2, asked('s', 2, 118))).toBe('waits');
  expect(serve(3, 118)).toEqual(['other 1 ', 's 2 ']);
  expect(ask(4, asked('s', 3, 118), 118)).toBe('runs');
});

test('READ-41 one more than may wait is answered at once', () => {
  const { attachment, ask } = reader();
  for (let i = 0; i < MAX_WAITERS; i++) ask(0, asked(`s${i}`, 1, 120));
  expect(ask(1, asked('late', 1, 120))).toBe('full');
  expect(attachment.waiters.length).toBe(MAX_WAITERS);
});
