// Linked selection: what a selected thing is about, what is lit because of it, and the way back through selections.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nodeId, time } from '../../base/ids.ts';
import type { ListedEvent, WorldFrame } from '../../run-model/picture/frame.ts';
import { frameStore } from '../../state/frame-store.ts';
import {
  isLitEvent,
  isLitFlight,
  isLitGroup,
  isLitLink,
  isLitNode,
  isLitPage,
  isLitRange,
  scopeOf,
  scopeOfEvent,
} from '../../state/highlight.ts';
import { runStore } from '../../state/run-store.ts';
import {
  clearSelection,
  hover,
  letGoFor,
  litOf,
  lookAtVolume,
  relight,
  select,
  selectAll,
  selectBack,
  selectionStore,
  selectNode,
} from '../../state/selection-store.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { hoverKey, readHover } from './hover.ts';

const frame: WorldFrame = makeHookFrame();
const wal = frame.flights.find(({ label }) => label.family === 'wal');

describe('what is lit', () => {
  test('a node or a link dims nothing', () => {
    expect(scopeOf({ kind: 'node', id: 'store-3' }, frame)).toBeNull();
    expect(scopeOf({ kind: 'link', a: 'rw-1', b: 'store-3' }, frame)).toBeNull();
    expect(isLitNode(null, 'd1')).toBe(true);
  });

  test('a message lights its ends, its LSNs of its group, and messages about the same', () => {
    if (wal?.label.range == null) throw new Error('a WAL message in the fixture');
    const scope = scopeOf({ kind: 'message', id: wal.id }, frame);
    expect(isLitNode(scope, wal.from)).toBe(true);
    expect(isLitLink(scope, wal.from, wal.to)).toBe(true);
    expect(isLitNode(scope, 'd1')).toBe(false);
    const [first, last] = wal.label.range;
    expect(isLitRange(scope, first, last, wal.label.group)).toBe(true);
    expect(isLitRange(scope, first, last, 'another')).toBe(false);
    expect(isLitRange(scope, last, last + 4, wal.label.group)).toBe(false);
    expect(isLitFlight(scope, wal)).toBe(true);
    const lit = frame.flights.filter((flight) => isLitFlight(scope, flight));
    expect(lit.length).toBeLessThan(frame.flights.length);
  });

  test.each([
    [{ kind: 'hole.open', group: 'g1', first: 10, end: 14 }, [10, 14]],
    [{ kind: 'wal.durable', group: 'g1', lsns: [10, 12, 13], source: 'writer' }, [10, 14]],
    [{ kind: 'commit.ack', volume: 'v1', tx: 3, scn: 13, vdl: 13, term: 1 }, [13, 14]],
    [{ kind: 'node.up' }, null],
  ])('an event %j is about the LSNs it names', (event, lsns) => {
    expect(
      scopeOfEvent({ index: 1, at: 1, node: 'rw-1', event, rank: 2 } as unknown as ListedEvent).lsns,
    ).toEqual(lsns);
  });

  test('a trace lights its messages and dims no event: none names a trace', () => {
    const scope = scopeOf({ kind: 'trace', id: 7 }, frame);
    const event = { index: 1, at: 1, node: 'rw-1', event: { kind: 'node.up' }, rank: 2 };
    expect(isLitEvent(scope, event as unknown as ListedEvent)).toBe(true);
    expect(frame.flights.every((flight) => isLitFlight(scope, flight))).toBe(false);
  });

  test('a record whose event comes after its LSN was chosen lights what it is about; another subject does not', () => {
    if (wal?.label.range == null) throw new Error('a WAL message in the fixture');
    const lsn = wal.label.range[0];
    const blind = { ...frame, nodes: frame.nodes.map((node) => ({ ...node, view: null })) };
    frameStore.setState({ frame: blind });
    select({ kind: 'lsn', lsn });
    expect(selectionStore.getState().scope?.group).toBeNull();
    frameStore.setState({ frame });
    relight({ kind: 'lsn', lsn: lsn + 1 });
    expect(selectionStore.getState().scope?.group).toBeNull();
    relight({ kind: 'lsn', lsn });
    expect(selectionStore.getState().scope?.group).toBe(wal.label.group);
  });

  test('an LSN lights the messages that carry it and the replicas of its group', () => {
    if (wal?.label.range == null) throw new Error('a WAL message in the fixture');
    const lsn = wal.label.range[0];
    const scope = scopeOf({ kind: 'lsn', lsn }, frame);
    expect(isLitFlight(scope, wal)).toBe(true);
    expect(isLitRange(scope, lsn - 3, lsn, null)).toBe(false);
  });

  test('a group lights its members and its messages, a page its own reads', () => {
    const scope = scopeOf({ kind: 'group', id: 'g1' }, frame);
    expect(isLitNode(scope, 'store-2')).toBe(true);
    expect(isLitNode(scope, 'd1')).toBe(false);
    expect(isLitGroup(scope, 'g2')).toBe(false);
    expect(
      frame.flights.filter((flight) => isLitFlight(scope, flight)).map(({ label }) => label.group),
    ).toEqual(frame.flights.filter(({ label }) => label.group === 'g1').map(() => 'g1'));
    const page = scopeOf({ kind: 'page', group: 'g1', blockKey: 7 }, frame);
    expect(isLitPage(page, 'g1', 7)).toBe(true);
    expect(isLitPage(page, 'g1', 8)).toBe(false);
    expect(frame.flights.some((flight) => isLitFlight(page, flight))).toBe(false);
  });

  test('a trace lights what was sent for one request', () => {
    const flights = frame.flights.map((flight, i) => ({
      ...flight,
      label: { ...flight.label, trace: i % 2 },
    }));
    const scope = scopeOf({ kind: 'trace', id: 1 }, { ...frame, flights });
    expect(flights.filter((flight) => isLitFlight(scope, flight))).toEqual(
      flights.filter(({ label }) => label.trace === 1),
    );
  });
});

describe('the selection', () => {
  const nodes = (): readonly string[] => selectionStore.getState().nodes;
  beforeEach(() => {
    frameStore.setState({ frame });
    selectionStore.setState({ subjects: [], subject: null, nodes: [], scope: null, past: [] });
  });

  test('one, one more with Shift, one less with Ctrl', () => {
    selectNode('rw-1');
    selectNode('store-1', 'add');
    expect(nodes()).toEqual(['rw-1', 'store-1']);
    selectNode('rw-1', 'toggle');
    expect(nodes()).toEqual(['store-1']);
    selectAll(
      ['store-2', 'store-1'].map((id) => ({ kind: 'node', id })),
      'add',
    );
    expect(nodes()).toEqual(['store-2', 'store-1']);
  });

  test('what was let go and is chosen again is behind nothing, least of all itself', () => {
    selectNode('rw-1');
    selectNode('store-2');
    clearSelection();
    selectNode('store-2');
    expect(selectionStore.getState().past).toEqual([[{ kind: 'node', id: 'rw-1' }]]);
  });

  test('another run lets go of what was selected in this one; the same one, on whichever branch, keeps it', () => {
    selectNode('rw-1');
    select({ kind: 'lsn', lsn: 120 });
    selectionStore.setState({ group: 'g2' });
    letGoFor(null, frame, false);
    letGoFor(frame, { ...frame, time: time(1) }, false);
    expect(selectionStore.getState()).toMatchObject({ subject: { kind: 'lsn', lsn: 120 }, group: 'g2' });
    // The same preset and seed, begun again.
    letGoFor(frame, frame, true);
    expect(selectionStore.getState()).toMatchObject({ subjects: [], past: [], group: 'g2' });
    select({ kind: 'lsn', lsn: 120 });
    letGoFor(frame, { ...frame, seed: frame.seed + 1 }, false);
    expect(selectionStore.getState()).toMatchObject({
      subjects: [],
      subject: null,
      scope: null,
      past: [],
      group: 'g2',
    });
    select({ kind: 'lsn', lsn: 120 });
    letGoFor(frame, { ...frame, preset: 'other', cluster: { ...frame.cluster, groups: [] } }, false);
    expect(selectionStore.getState()).toMatchObject({ subject: null, scope: null, group: null });
  });

  test('Back goes through what was selected, one at a time', () => {
    selectNode('rw-1');
    select({ kind: 'lsn', lsn: 120 });
    expect(selectionStore.getState().scope?.lsns).toEqual([120, 121]);
    clearSelection();
    expect(selectionStore.getState().scope).toBeNull();
    selectBack();
    expect(selectionStore.getState().subject).toEqual({ kind: 'lsn', lsn: 120 });
    selectBack();
    expect(nodes()).toEqual(['rw-1']);
    selectBack();
    expect(nodes()).toEqual(['rw-1']);
  });
});

describe('what the pointer is on', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    frameStore.setState({ frame });
    clearSelection();
  });
  afterEach(() => {
    hover(null);
    vi.runAllTimers();
    vi.useRealTimers();
  });

  test('is lit everywhere once the pointer rests, before what is selected, and no longer than it is there', () => {
    if (wal?.label.range == null) throw new Error('a WAL message in the fixture');
    select({ kind: 'group', id: 'g1' });
    const selected = litOf(selectionStore.getState());
    hover({ kind: 'message', id: wal.id });
    expect(litOf(selectionStore.getState())).toBe(selected);
    vi.runAllTimers();
    expect(litOf(selectionStore.getState())?.messages).toEqual([wal.id]);
    hover(null);
    vi.runAllTimers();
    expect(litOf(selectionStore.getState())).toBe(selected);
  });

  test('crossing the screen lights nothing', () => {
    hover({ kind: 'lsn', lsn: 112 });
    hover(null);
    vi.runAllTimers();
    expect(selectionStore.getState().hoverScope).toBeNull();
  });

  test('an LSN is of the volume that is looked at: the same number in another volume is another record', () => {
    if (wal?.label.range == null || wal.label.group === null) throw new Error('a WAL message in the fixture');
    const { group, range } = wal.label;
    const own = [...frame.cluster.groups.map(({ id }) => id)];
    const volumes = [
      { name: 'v1', token: 1, writer: null, state: 'open', groups: own },
      { name: 'v2', token: 1, writer: null, state: 'open', groups: ['g3', 'g4'] },
    ];
    const two = {
      ...frame,
      nodes: frame.nodes.map((node) => ({
        ...node,
        view:
          node.view === null
            ? null
            : { roles: node.view.roles.map((role) => (role.role === 'meta' ? { ...role, volumes } : role)) },
      })),
    } as WorldFrame;
    const first = scopeOf({ kind: 'lsn', lsn: range[0] }, two, 'v1');
    expect(isLitFlight(first, wal)).toBe(true);
    expect(isLitRange(first, range[0], range[0] + 1, 'g3')).toBe(false);
    const second = scopeOf({ kind: 'lsn', lsn: range[0] }, two, 'v2');
    expect(isLitFlight(second, wal)).toBe(false);
    expect(isLitRange(second, range[0], range[0] + 1, group)).toBe(false);
    expect(isLitRange(second, range[0], range[0] + 1, 'g3')).toBe(true);

    // What is selected of another volume's group takes the lenses there; an LSN stays behind.
    frameStore.setState({ frame: two });
    select({ kind: 'lsn', lsn: range[0] });
    select({ kind: 'group', id: 'g3' }, 'add');
    expect(selectionStore.getState()).toMatchObject({
      volume: 'v2',
      subjects: [{ kind: 'group', id: 'g3' }],
    });
    lookAtVolume('v1');
    expect(selectionStore.getState().volume).toBe('v1');
    frameStore.setState({ frame });
  });

  test('an MTR lights its records and their pages, not others', () => {
    const scope = scopeOf({ kind: 'mtr', first: 107, last: 109 }, frame);
    const pages = scope?.pages ?? [];
    expect(pages.length).toBeGreaterThan(0);
    expect(isLitRange(scope, 107, 108, null)).toBe(true);
    expect(isLitRange(scope, 109, 110, null)).toBe(false);
    expect(isLitPage(scope, 'g2', pages[0] ?? -1)).toBe(true);
    expect(isLitPage(scope, 'g2', -5)).toBe(false);
  });

  test.each([
    { kind: 'node', id: 'store-3' },
    { kind: 'link', a: 'rw-1', b: 'store-3' },
    { kind: 'message', id: 'rw-1.12.0' },
    { kind: 'lsn', lsn: 112 },
    { kind: 'mtr', first: 107, last: 109 },
    { kind: 'group', id: 'g1' },
    { kind: 'page', group: 'g1', blockKey: 7 },
    { kind: 'request', node: 'store-3', id: 'r1' },
  ] as const)('$kind is read back from its attribute', (subject) => {
    expect(readHover(hoverKey(subject))).toEqual(subject);
  });

  test('an event is read back as the list has it, one that it has not is nothing', () => {
    const listed: ListedEvent = {
      at: time(9),
      node: nodeId('store-3'),
      ordinal: 1,
      causeNode: null,
      causeOrdinal: 0,
      event: { kind: 'hole.open', group: 'g1', first: 108, end: 112 },
      index: 9,
      rank: 2,
    };
    runStore.setState({ picked: { events: [listed], total: 10, newEvents: { events: [], jumped: false } } });
    const subject = { kind: 'event', listed } as const;
    expect(readHover(hoverKey(subject))).toEqual(subject);
    expect(readHover('event 999999')).toBeNull();
  });

  test('anything else in the attribute is nothing', () => {
    expect([readHover(''), readHover('row 3')]).toEqual([null, null]);
  });
});
