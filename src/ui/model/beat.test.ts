import { describe, expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import { beatAt, makeBeat, printBeat, readBeat } from '../../sim/beat.ts';
import { markTitle, retitled } from './mark-title.ts';

const at = 149_000 as Time;
const whole = makeBeat(at, {
  title: { en: 'An old primary wakes', zh: '旧主苏醒' },
  notes: { en: 'Ask who has\nseen one.', zh: '问问大家。' },
  question: { en: 'Who is the writer?', zh: '谁是写节点？' },
  answers: [
    { en: 'rw-1', zh: '' },
    { en: 'the standby', zh: '备节点' },
  ],
});

describe('a beat is a mark of a tape', () => {
  test('what is written is read', () => {
    expect(readBeat(printBeat(whole))).toEqual(whole);
    expect(readBeat(printBeat(makeBeat(at, {})))).toEqual(makeBeat(at, {}));
  });

  test('a mark without fields is a title, a line that no field begins is a note', () => {
    expect(readBeat({ at, text: 'Look here' }).title).toEqual({ en: 'Look here', zh: '' });
    expect(readBeat({ at, text: 'Look here\nand there' }).notes.en).toBe('and there');
  });

  test('a list names a mark by its title; under another title the rest stays', () => {
    const mark = printBeat(whole);
    expect(markTitle(mark)).toBe('An old primary wakes');
    const renamed = readBeat(retitled(mark, 'Split brain'));
    expect(renamed).toEqual({ ...whole, title: { en: 'Split brain', zh: '旧主苏醒' } });
  });

  test('a title takes one line', () => {
    const broken = makeBeat(at, { title: { en: 'one\nask: two', zh: '' } });
    expect(readBeat(printBeat(broken)).question.en).toBe('');
  });
});

test('where a run stands among beats', () => {
  const beats = [{ at: 10 as Time }, { at: 20 as Time }];
  expect([0, 10, 15, 20, 99].map((time) => beatAt(beats, time))).toEqual([-1, 0, 0, 1, 1]);
});
