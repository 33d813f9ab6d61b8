// Which instants a film has, and where its pictures stand.

import { describe, expect, test } from 'vitest';
import { type FilmWish, filmSize, placeIn, planFilm } from './film-plan.ts';

const wish: FilmWish = {
  kind: 'webm',
  shape: 'own',
  speed: 1,
  stretch: { from: 48_000, to: 58_000 },
  most: { from: 0, to: 58_000 },
};

const planned = (change: Partial<FilmWish>) => planFilm({ ...wish, ...change });

describe('the instants of a film', () => {
  test('both ends are shown, and a second of it shows what was asked for', () => {
    const made = planned({});
    if (!made.ok) throw new Error(made.fault);
    const { instants, perSecond } = made.plan;
    expect([instants[0], instants.at(-1), instants.length]).toEqual([48_000, 58_000, 251]);
    expect((instants[perSecond] ?? 0) - (instants[0] ?? 0)).toBe(1000);
  });

  test('instants are whole µs, also where the speed does not divide', () => {
    const made = planned({ speed: 0.1, stretch: { from: 57_000, to: 57_777 } });
    if (!made.ok) throw new Error(made.fault);
    expect(made.plan.instants.every(Number.isInteger)).toBe(true);
    expect(made.plan.instants.at(-1)).toBe(57_777);
    expect(new Set(made.plan.instants).size).toBe(made.plan.instants.length);
  });

  test.each([
    ['ends before it begins', { stretch: { from: 5, to: 5 } }, { fault: 'order' }],
    ['no number', { stretch: { from: Number.NaN, to: 5 } }, { fault: 'order' }],
    ['after the run', { stretch: { from: 0, to: 58_001 } }, { fault: 'outside' }],
    ['before a twin', { most: { from: 50_000, to: 58_000 } }, { fault: 'outside' }],
    ['too long for a GIF', { kind: 'gif', speed: 0.5 }, { fault: 'tooLong', pictures: 201, most: 150 }],
    ['too long for a video', { speed: 0.1 }, { fault: 'tooLong', pictures: 2501, most: 1500 }],
  ] as const)('%s is refused', (_what, change, refused) => {
    expect(planned(change)).toEqual({ ok: false, ...refused });
  });
});

describe('the size of a film', () => {
  test.each([
    ['webm', 'slide', 1600, 900, 1920, 1080],
    ['gif', 'slide', 1600, 900, 960, 540],
    ['webm', 'own', 701, 499, 702, 500],
    ['frames', 'own', 3840, 2000, 1920, 1000],
    ['gif', 'own', 400, 1920, 200, 960],
  ] as const)('%s, %s: of %d × %d it is %d × %d', (kind, shape, width, height, wide, high) => {
    expect(filmSize({ width, height }, { kind, shape })).toEqual({ width: wide, height: high });
  });

  test('a picture that is smaller than the largest stands where the others do', () => {
    const film = { width: 800, height: 450 };
    const largest = { width: 1601, height: 901 };
    const small = { width: 1000.625, height: 600 };
    expect(placeIn(film, largest, small, 'slide')).toEqual({ x: 150, y: 84.375, width: 500, height: 281.25 });
    expect(placeIn(film, largest, largest, 'slide')).toEqual({ x: 0, y: 0, ...film });
    const tall = { width: 400, height: 900 };
    expect(placeIn(film, { width: 1600, height: 900 }, tall, 'own')).toEqual({
      x: 0,
      y: 0,
      width: 200,
      height: 450,
    });
  });
});
