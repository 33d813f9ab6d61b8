// The frame's pure parts: layouts by width, the speed scale, what the status strip says, routes, numbers as written.

import { describe, expect, test } from 'vitest';
import type { NodeFrame, WorldFrame } from '../../run-model/picture/frame.ts';
import { waitsOf } from '../../stacks/cynosdb/waits.ts';
import { breakpointOf } from '../../state/breakpoint.ts';
import { commitsWaiting } from '../../state/role-views.ts';
import { readRoute } from '../../state/route-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { nextSpeed, positionOf, sliderMax, speedAt } from '../commands/speed.ts';
import { t } from '../i18n/i18n.ts';
import {
  bytesText,
  clockText,
  duration,
  groupDigits,
  perSecond,
  rangeText,
  spanText,
} from '../kit/format.ts';
import { statusLine } from '../story/status-line.ts';
import { waitsSentence } from '../story/wait-words.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { resolveTheme } from '../theme/theme.ts';

// As the field says.
setSettings({ wording: 'expert' });

test('five layouts by the window’s width', () => {
  expect([900, 1024, 1280, 1919, 1920, 2560].map(breakpointOf)).toEqual([
    'narrow',
    'tablet',
    'laptop',
    'laptop',
    'desktop',
    'wide',
  ]);
});

describe('speed', () => {
  test('the slider goes from 1:10 000 to 1:1 and max, ever faster', () => {
    expect([speedAt(0), speedAt(96), speedAt(sliderMax)]).toEqual([100, 1_000_000, 'max']);
    for (let i = 1; i <= 96; i++) expect(Number(speedAt(i))).toBeGreaterThan(Number(speedAt(i - 1)));
  });

  test('a speed finds its place again', () => {
    for (const speed of [100, 1000, 10_000, 1_000_000, 'max'] as const)
      expect(speedAt(positionOf(speed))).toBe(speed);
  });

  test('the keys go by decades and stop at the ends', () => {
    expect([nextSpeed(1000, 1), nextSpeed(1000, -1), nextSpeed(100, -1), nextSpeed(1_000_000, 1)]).toEqual([
      10_000,
      100,
      100,
      'max',
    ]);
    expect(nextSpeed('max', -1)).toBe(1_000_000);
  });
});

describe('the status strip', () => {
  const with_ = (change: (frame: WorldFrame) => Partial<WorldFrame>): WorldFrame => {
    const frame = makeHookFrame();
    return { ...frame, ...change(frame) };
  };
  const set = (
    frame: WorldFrame,
    ids: readonly string[],
    status: NodeFrame['status'],
  ): readonly NodeFrame[] => frame.nodes.map((node) => (ids.includes(node.id) ? { ...node, status } : node));
  const say = (frame: WorldFrame): string => statusLine(frame, t).text;

  test('who lacks what and whom it asked', () => {
    expect(say(makeHookFrame())).toBe('store-3 lacks 4 ranges and has asked store-1, not the writer.');
  });

  test('one store down: commits go on; two: no write quorum; the writer: nobody writes', () => {
    const down = with_((f) => ({ nodes: set(f, ['store-1'], 'down'), links: [] }));
    expect(say(down)).toContain('commits go on without it');
    // With the link to another store cut no write quorum is left, whether or not something waits for it yet.
    expect(say(with_((f) => ({ nodes: set(f, ['store-1'], 'down') })))).toBe('store-1 does not answer.');
    const bare = with_((f) => ({ nodes: set(f, ['store-1', 'store-2'], 'down') }));
    const waits = waitsOf(bare).filter(({ isBlocked }) => isBlocked);
    expect(say({ ...bare, waits })).toBe('store-1, store-2 do not answer.');
    expect(waitsSentence(waits, t)).toContain(
      '1 of 2 answers: store-2 and store-1 are down and the link rw-1–store-3 is cut',
    );
    expect(say(with_((f) => ({ nodes: set(f, ['rw-1', 'store-1'], 'down') })))).toContain(
      'there is no writer',
    );
  });

  test('a violation comes before everything', () => {
    const violations = [{ rule: 'WAL-18', at: makeHookFrame().time, node: null, message: 'VDL went back' }];
    expect(
      statusLine(
        with_(() => ({ violations })),
        t,
      ),
    ).toMatchObject({
      icon: 'violation',
      text: 'WAL-18 is violated: VDL went back',
    });
  });

  test('a run at rest: figures of what was seen, and none that nobody knows', () => {
    const steady = (change: Partial<WorldFrame['metrics']>): string =>
      say(
        with_(({ nodes, metrics: { vdl: _vdl, ...known } }) => ({
          nodes: nodes.map((node) => ({ ...node, view: null })),
          links: [],
          metrics: { ...known, ...change },
        })),
      );
    const since = 412_000 as WorldFrame['time'];
    expect(steady({ vdl: 122 })).toBe(
      '34 commits acknowledged; everything to VDL 122 is durable on a write quorum.',
    );
    expect(steady({ vdl: -1, commits: 0 })).toBe('Nothing is in the log yet: no commit is acknowledged.');
    expect(steady({ vdl: 122, since, commits: 9 })).toContain(
      '9 commits acknowledged since the restart at 412',
    );
    expect(steady({ since, commits: 0 })).toContain('VDL is not known yet');
  });

  test('commits of a writer that is down do not wait', () => {
    expect(commitsWaiting(makeHookFrame())).toEqual({ count: 2, oldestUs: 1200 });
    expect(commitsWaiting(with_((f) => ({ nodes: set(f, ['rw-1'], 'down') }))).count).toBe(0);
  });
});

test('the address’s fragment', () => {
  expect(readRoute('')).toEqual({ page: '', rest: '', params: new Map() });
  expect(readRoute('#/')).toMatchObject({ page: '' });
  expect(readRoute('#/lessons/H01&lang=zh')).toMatchObject({ page: 'lessons', rest: 'H01' });
  expect(readRoute('#/lab&r=1.ab-_=&at=7')).toEqual({
    page: 'lab',
    rest: '',
    params: new Map([
      ['r', '1.ab-_='],
      ['at', '7'],
    ]),
  });
  expect(readRoute('#/nowhere')).toMatchObject({ page: 'nowhere' });
});

test('numbers as the screen writes them', () => {
  expect([
    groupDigits(1204),
    groupDigits(113_007),
    groupDigits(-1),
    groupDigits(Number.MAX_SAFE_INTEGER),
  ]).toEqual(['1\u2009204', '113\u2009007', '–', 'MAX']);
  expect([
    rangeText(3, 7),
    rangeText(3, Number.MAX_SAFE_INTEGER),
    spanText(112, 113),
    spanText(126, 129),
  ]).toEqual(['[3,7)', '[3,MAX)', '112', '126–128']);
  expect(clockText(56_218.4)).toBe('00.056\u2009218\u2009s');
  expect([duration(920), duration(14_400), duration(1_200_000), duration(-1)]).toEqual([
    '0.92 ms',
    '14.4 ms',
    '1.20 s',
    '–',
  ]);
  expect([100, 1000, 9949, 9950, 99_999, 100_000, 1_000_000].map(perSecond)).toEqual([
    '100 µs',
    '1.0 ms',
    '9.9 ms',
    '10 ms',
    '100 ms',
    '100 ms',
    '1.0 s',
  ]);
  expect([bytesText(12), bytesText(2048), bytesText(3 * 1024 ** 2), bytesText(10 * 1024 ** 3)]).toEqual([
    '12 B',
    '2.0 KiB',
    '3.0 MiB',
    '10.0 GiB',
  ]);
});

test('the theme is what was chosen, else the system’s', () => {
  expect([resolveTheme('system', true), resolveTheme('system', false), resolveTheme('light', true)]).toEqual([
    'dark',
    'light',
    'light',
  ]);
});
