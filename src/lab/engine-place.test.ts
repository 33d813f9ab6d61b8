// Where a tape of another engine is sent to: by what the site says, from the top and from an older build's folder, and never in a circle.

import { expect, test } from 'vitest';
import { ENGINE } from '../sim/engine.ts';
import { foldersOf, otherEngineOf, placeIn } from './engine-place.ts';

const site = { newest: ENGINE, kept: ['0.1.0', '0.2.0'] };

test.each([
  ['postdb-tape 1\nengine 0.1.0\npreset toy\n', '0.1.0'],
  [`postdb-tape 1\nengine ${ENGINE}\npreset toy\n`, null],
  ['postdb-tape 1\npreset toy\n', null],
  ['postdb-tape 1\nengine ../../elsewhere\n', null],
  ['postdb-tape 1\nengine 0.1.0/..\n', null],
])('%j is of engine %s', (tape, engine) => expect(otherEngineOf(tape)).toBe(engine));

test.each([
  ['0.1.0', 'https://host/lab/', 'https://host/lab/v/0-1-0/'],
  ['0.1.0', 'https://host/lab/index.html?lab=two#/lab&r=1.x', 'https://host/lab/v/0-1-0/'],
  ['0.3.0', 'https://host/lab/', null],
  // the newest one is here
  [ENGINE, 'https://host/lab/', null],
])('engine %s from %s: %s', (engine, address, place) => expect(placeIn(site, engine, address)).toBe(place));

test('a build in its own folder finds the top, the others, and not itself', () => {
  const address = `https://host/lab/v/${ENGINE.replaceAll('.', '-')}/embed.html#v=1`;
  expect(foldersOf(address).top).toBe('https://host/lab/');
  const newer = { newest: '99.0.0', kept: [ENGINE, '0.1.0'] };
  expect(placeIn(newer, '99.0.0', address)).toBe('https://host/lab/');
  expect(placeIn(newer, '0.1.0', address)).toBe('https://host/lab/v/0-1-0/');
  expect(placeIn(newer, ENGINE, address)).toBeNull();
});
