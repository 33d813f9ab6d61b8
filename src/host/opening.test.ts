// What a link, the run that is saved and what is in Runs lead to when a page begins.

import { expect, test } from 'vitest';
import { type Ask, type Opening, openingOf, type Saved } from './opening.ts';

const hook = { preset: 'hook-hole', seed: 7 };
const ask: Ask = { id: 'press-1', preset: 'cynosdb', seed: 9 };
const run = (change: Partial<Extract<Saved, { kind: 'run' }>> = {}): Saved => ({
  kind: 'run',
  preset: 'polardb',
  seed: 7,
  followed: [],
  isWanted: false,
  ...change,
});
const begins = (keeps: boolean): Opening => ({
  kind: 'begin',
  run: { preset: 'cynosdb', seed: 9 },
  asked: 'press-1',
  keeps,
});
const same = { preset: 'cynosdb', seed: 9 };

test.each<[string, Ask | null, Saved, Opening]>([
  [
    'nothing saved, no link: the hook',
    null,
    { kind: 'nothing' },
    { kind: 'begin', run: hook, asked: null, keeps: false },
  ],
  ['a run saved, no link: that run', null, run(), { kind: 'resume' }],
  ['one that cannot be read, no link: a question', null, { kind: 'unreadable' }, { kind: 'refuse' }],
  ['nothing saved: the link’s run', ask, { kind: 'nothing' }, begins(false)],
  ['another run saved, untouched: the link’s run, and that one is kept', ask, run(), begins(true)],
  ['another run saved, touched: the same', ask, run({ isWanted: true }), begins(true)],
  [
    'one that cannot be read: a question, nothing is lost for a link',
    ask,
    { kind: 'unreadable' },
    { kind: 'refuse' },
  ],
  [
    'the same press again, after a reload: what it began',
    ask,
    run({ followed: ['press-1'] }),
    { kind: 'resume' },
  ],
  [
    'the same press, and its run was left since',
    ask,
    run({ followed: ['press-0', 'press-1'] }),
    { kind: 'resume' },
  ],
  [
    'another press of the same link: fresh, and nothing is kept of a run that is as fresh',
    ask,
    run({ ...same, followed: ['press-0'] }),
    begins(false),
  ],
  [
    'another press, and the run was touched: fresh, and it is kept',
    ask,
    run({ ...same, followed: ['press-0'], isWanted: true }),
    begins(true),
  ],
])('E13 %s', (_name, asked, saved, opening) => {
  expect(openingOf(asked, saved, hook)).toEqual(opening);
});
