// Every incident can be presented: from its title over what is done to what it shows, in both languages.

import { beforeAll, expect, test, vi } from 'vitest';
import { incidentTape } from '../../incidents/incident.ts';
import { incidents } from '../../incidents/library.ts';
import { readBeat } from '../../sim/beat.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { incidentBeats } from './incident-beats.ts';

beforeAll(() => vi.stubGlobal('document', { documentElement: { lang: 'en' } }));

const sides = ['holds', 'breaks'] as const;
const all = incidents.flatMap((incident) => sides.map((side) => [incident.id, side, incident] as const));

test.each(all)('%s, %s: its tape carries its beats', (_id, side, incident) => {
  const marks = incidentBeats(incident, side);
  const parsed = parseTape(tapes, incidentTape(presets, tapes, incident, side, marks));
  if (!parsed.ok) throw new Error(parsed.error);
  expect(parsed.tape.header.marks).toEqual(marks);
  const beats = marks.map(readBeat);
  expect(beats.length).toBeGreaterThan(2);
  expect(beats.length).toBeLessThan(11);
  const times = beats.map(({ at }) => at);
  expect([...new Set(times)].sort((a, b) => a - b)).toEqual(times);
  expect(beats[0]?.title).toEqual(incident.words.title);
  expect(beats[0]?.answers.length).toBe(2);
  for (const { en, zh } of beats.flatMap(({ title, answers }) => [title, ...answers])) {
    expect(en).not.toMatch(/\{\{|undefined|\p{Script=Han}/u);
    expect(zh).not.toMatch(/\{\{|undefined/);
    expect(zh).toMatch(/\p{Script=Han}/u);
  }
});
