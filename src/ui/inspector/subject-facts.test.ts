// Facts of everything that can be selected, from a real run.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { setSettings } from '../../state/settings-store.ts';
import type { Subject } from '../../state/subject.ts';
import { mergeNeeds } from '../../state/view-needs.ts';
import { t } from '../i18n/i18n.ts';
import { groupDigits } from '../kit/format.ts';
import { lensFor } from '../lens/registry.ts';
import { shootTransfers, type WorldShot } from '../testing/world-frame.ts';
import { lsnNeeds } from './lsn-facts.tsx';
import { isListed, type SubjectFacts, subjectFacts } from './subject-facts.ts';

// As the field says.
setSettings({ wording: 'expert' });

let shot: WorldShot;

beforeAll(async () => {
  shot = shootTransfers(await loadSqlEdge(), 58.2, '50.000 cut rw-1 | store-3 for 6.000 ms');
});

function factsOf(subject: Subject): SubjectFacts | null {
  if (!isListed(subject)) throw new Error(`${subject.kind} has a view of its own`);
  return subjectFacts(subject, shot.frame, t, (blockKey) => `page ${blockKey}`);
}

const factOf = (found: SubjectFacts | null, label: string): string | undefined =>
  found?.facts.find(([name]) => name === label)?.[1];

test('a group: its quorum and each replica', () => {
  const found = factsOf({ kind: 'group', id: 'g2' });
  expect(factOf(found, 'N/Vw/Vr')).toBe('3/2/2');
  expect(factOf(found, 'store-3')).toMatch(/^SCL \d+/);
  expect(factsOf({ kind: 'group', id: 'g9' })).toBeNull();
});

test('an event: when, where, why, and every field', () => {
  const event = shot.events.findLast(({ event: { kind } }) => kind === 'wal.durable');
  if (event === undefined) throw new Error('a durable record');
  const found = factsOf({ kind: 'event', listed: event });
  expect(found?.title).toBe('wal.durable');
  expect(factOf(found, 'node')).toBe(event.node);
  expect(found?.facts.map(([name]) => name)).toEqual(expect.arrayContaining(['group', 'lsns', 'source']));
});

test('an MTR and a page: their records', () => {
  const record = shot.frame.nodes
    .flatMap(({ view }) => view?.roles ?? [])
    .flatMap((role) => (role.role === 'store' ? role.groups.flatMap(({ records }) => records) : []))
    .findLast(({ cpl }) => cpl);
  if (record === undefined) throw new Error('a record that ends an MTR');
  const mtr = factsOf({ kind: 'mtr', first: record.mtrFirst, last: record.lsn + 1 });
  expect(mtr?.facts).toHaveLength(record.lsn + 1 - record.mtrFirst);
  expect(mtr?.facts.at(-1)?.[1]).toContain('CPL');
  const page = factsOf({ kind: 'page', group: record.group, blockKey: record.blockKey });
  expect(page?.title).toContain(`page ${record.blockKey}`);
  expect(page?.facts.some(([lsn]) => lsn === groupDigits(record.lsn))).toBe(true);
});

test('a request while it lives, a client request by its messages, a row', () => {
  const [request] = shot.frame.nodes.flatMap(({ id, view }) =>
    (view?.roles ?? []).flatMap((role) =>
      role.role === 'store' ? role.groups.flatMap((list) => list.requests.map((one) => ({ id, one }))) : [],
    ),
  );
  if (request !== undefined)
    expect(factOf(factsOf({ kind: 'request', node: request.id, id: request.one.id }), t('lens.peer'))).toBe(
      request.one.peer,
    );
  expect(factsOf({ kind: 'request', node: 'store-1', id: 'r99999' })).toBeNull();
  const flight = shot.frame.flights.find(({ label }) => (label.trace ?? 0) > 0);
  if (flight !== undefined)
    expect(factsOf({ kind: 'trace', id: flight.label.trace ?? 0 })?.facts.length).toBeGreaterThan(0);
  const row = factsOf({ kind: 'row', table: 'accounts', key: '7', group: 'g2', blockKey: 5 });
  expect(lensFor('row')?.id).toBe('pages');
  expect(row?.facts.map(([, value]) => value)).toEqual(['accounts', '7', 'g2', 'page 5']);
});

test('an LSN asks for its own record wherever it lies, and leaves the newest to the cards', () => {
  const asked = mergeNeeds(lsnNeeds(277));
  // Its own record, were it the newest: the cards' span before it, and everything behind.
  const span = Math.max(
    ...lsnNeeds(277).flatMap(({ lsnWindow, span: own }) => (lsnWindow === null ? [own ?? 0] : [])),
  );
  expect(asked).toMatchObject({ detail: true, lsnWindow: [277 - span, Number.MAX_SAFE_INTEGER] });
  expect(span).toBeGreaterThan(0);
  expect(mergeNeeds([])).toMatchObject({ detail: false, lsnWindow: null });
});
