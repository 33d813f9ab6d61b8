// The gallery: every preset that is offered, with its words in both languages, and its cluster in small.

import { expect, test } from 'vitest';
import { incidents } from '../../incidents/library.ts';
import { lessonEntries } from '../../lessons/catalogue.ts';
import { offeredPresets } from '../../stacks/preset-names.ts';
import { t } from '../i18n/i18n.ts';
import { differenceWords } from '../incidents/difference-words.ts';
import { incidentsWith } from '../incidents/incident-cards.tsx';
import { lensesOf } from '../lens/registry.ts';
import { stackTables } from '../stacks/tables.ts';
import { architectures } from './architecture-pictures.tsx';
import { galleryCards, matches } from './gallery.ts';
import { topologyOf } from './topology.ts';

test('E25 every preset that is offered has a card under one of the three architectures, and each lesson stands on one', () => {
  const cards = galleryCards();
  expect(cards.map(({ name }) => name)).toEqual(offeredPresets);
  expect([...new Set(cards.map(({ stack }) => stack))].sort()).toEqual([...architectures].sort());
  expect(cards.flatMap(({ lessons }) => lessons.map(({ id }) => id)).sort()).toEqual(
    lessonEntries.map(({ id }) => id).sort(),
  );
  for (const { name, words } of cards)
    for (const { en, zh } of [words, words.about, words.first])
      expect([name, en.length > 0, /[\u4e00-\u9fff]/u.test(zh)]).toEqual([name, true, true]);
});

test('E25 the filter knows names, words of both languages and titles of lessons, all of what is typed', () => {
  const found = (query: string): string[] =>
    galleryCards().flatMap((card) => (matches(card, query) ? [card.name] : []));
  expect(found('')).toEqual(offeredPresets);
  expect(found('standby')).toEqual(['cynosdb-ha']);
  expect(found('备节点')).toEqual(['cynosdb-ha']);
  expect(found('LOST update')).toEqual(['cynosdb']);
  expect(found('zones FOUR')).toEqual(['cynosdb-6']);
  expect(found('zebra')).toEqual([]);
  // A picture by a word of its name.
  expect([found('lanes'), found('LogIndex'), found('读者池')]).toEqual([
    ['cynosdb'],
    ['polardb'],
    ['cynosdb-ro'],
  ]);
});

test('E25 every picture has a name in both languages, and a lens of its preset has its part', () => {
  const pictures = galleryCards().flatMap((card) => card.pictures);
  expect(pictures.length).toBe(stackTables.flatMap((tables) => tables.pictures ?? []).length);
  for (const { preset, lens, part, en, zh } of pictures) {
    const found = lensesOf(preset).find(({ id }) => id === lens);
    const parts = Object.keys({ ...found?.tabs, ...found?.sections });
    expect([en, found?.id, part === null || parts.includes(part)]).toEqual([en, lens, true]);
    expect([en, /[\u4e00-\u9fff]/u.test(zh)]).toEqual([en, true]);
  }
});

test('a cluster in small has its nodes in rows by what they do, and no two at one place', () => {
  for (const { name, cluster } of galleryCards()) {
    const { dots, links, height } = topologyOf(cluster);
    expect([name, new Set(dots.map(({ x, y }) => `${x} ${y}`)).size]).toEqual([name, dots.length]);
    expect(dots.every(({ y }) => y > 0 && y < height)).toBe(true);
    expect([name, links.length > 0]).toEqual([name, true]);
  }
  const of = (preset: string): string[] =>
    galleryCards()
      .filter(({ name }) => name === preset)
      .flatMap(({ cluster }) => topologyOf(cluster).dots)
      .map(({ id, layer, isWriter }) => `${id} ${layer}${isWriter ? ' writes' : ''}`);
  expect(of('cynosdb')).toEqual([
    'd1 client',
    'meta-1 control',
    'rw-1 compute writes',
    'store-1 storage',
    'store-2 storage',
    'store-3 storage',
  ]);
  expect(of('postdb-v4').filter((dot) => dot.includes('writes'))).toEqual([
    'n1 compute writes',
    'n2 compute writes',
    'n3 compute writes',
  ]);
});

test('E25 incidents are found by words of both languages, and say on each side what the two differ in', () => {
  expect(incidentsWith('').length).toBe(incidents.length);
  expect(incidentsWith('split BRAIN').map(({ id }) => id)).toEqual(['old-primary']);
  expect(incidentsWith('写偏斜').map(({ id }) => id)).toEqual(['write-skew']);
  for (const incident of incidents) {
    const [holds, breaks] = [differenceWords(incident, 'holds', t), differenceWords(incident, 'breaks', t)];
    expect([incident.id, holds !== breaks && holds !== '' && breaks !== '']).toEqual([incident.id, true]);
  }
});
