// The map's geometry and names: the reference picture's coordinates, messages on their line and side, arrow keys.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { time } from '../../base/ids.ts';
import type { FlightView } from '../../sim/types.ts';
import { t } from '../i18n/i18n.ts';
import { healthOf, storeOf } from '../model/node-facts.ts';
import { nodeName } from '../model/role-cards.ts';
import { hookCluster } from '../testing/hook-cluster.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { detailZoom, layoutCluster, layoutFor, liftFor, mapEdge, zoomFor } from './cluster-layout.ts';
import {
  type FlightSource,
  findGlyph,
  makeLanes,
  placeGlyphs,
  stackLimit,
  travelled,
} from './flight-geometry.ts';
import { angleAt, laneOffset, lanePlace, linkPath, pointAt, reversed } from './link-path.ts';
import { namePlace } from './map-layout.ts';
import { isQuiet, pathBetween } from './map-links.ts';
import { nearestCard } from './nearest-card.ts';

const layout = layoutCluster(hookCluster);
const boxes = Object.fromEntries(layout.cards);
const roles = (id: string) => hookCluster.nodes.find((node) => node.id === id)?.roles ?? [];
const path = (from: string, to: string) => {
  const found = pathBetween({ from, to, boxes, roles, shown: (box) => box, across: false });
  if (found === null) throw new Error(`no path ${from} ${to}`);
  return found;
};

describe('layout', () => {
  test('cards and frames stand where the reference picture has them', () => {
    expect(boxes.d1).toMatchObject({ x: 28, y: 84 });
    expect(boxes['rw-1']).toMatchObject({ x: 324, y: 84 });
    expect(boxes['meta-1']).toMatchObject({ x: 28, y: 452 });
    expect(['store-1', 'store-2', 'store-3'].map((id) => boxes[id]?.x)).toEqual([324, 620, 916]);
    expect(layout.zones.map(({ x, y, width }) => [x, y, width])).toEqual([
      [12, 44, 576],
      [604, 412, 280],
      [900, 412, 280],
    ]);
  });

  test('a pane that is too low lifts the storage row until the width decides, and leaves room for messages', () => {
    const zoomIn = (pane: { width: number; height: number }): readonly [number, number] => {
      const lift = liftFor(layout, pane);
      const lifted = layoutCluster(hookCluster, lift);
      const room = pane.height - 2 * mapEdge;
      return [Math.min(1, pane.width / lifted.width, room / (lifted.height - 2 * mapEdge)), lift];
    };
    expect(zoomIn({ width: 1192, height: 716 })).toEqual([1, 0]);
    const [laptop, lift] = zoomIn({ width: 744, height: 372 });
    expect(laptop).toBeCloseTo(744 / 1192, 2);
    expect(lift).toBeGreaterThan(0);
    expect(zoomIn({ width: 1063, height: 551 })[0]).toBeGreaterThanOrEqual(detailZoom);
    // However low: the rows do not touch.
    const lowest = layoutCluster(hookCluster, liftFor(layout, { width: 744, height: 120 }));
    expect(lowest.gap).toBe(48);
    expect(lowest.cards.get('store-1')?.y).toBe(84 + 148 + 48);
  });

  test('in a narrow pane the zones stand one below the other, storage to the right of compute, where that makes cards larger', () => {
    const narrow = { width: 400, height: 600 };
    const across = layoutFor(hookCluster, narrow, 'expert');
    expect(across.way).toBe('across');
    const down = layoutCluster(hookCluster, liftFor(layout, narrow));
    expect(zoomFor(across, narrow)).toBeGreaterThan(1.5 * zoomFor(down, narrow));
    const at = (id: string) => present(across.cards.get(id), id);
    expect(at('store-1').x).toBeGreaterThan(at('rw-1').x + at('rw-1').width);
    expect(at('store-2').y).toBeGreaterThan(at('store-1').y + at('store-1').height);
    // Its title stands above the first card of a frame, and frames do not overlap.
    for (const [i, zone] of across.zones.entries()) {
      expect(
        Math.min(...hookCluster.nodes.filter((node) => node.zone === zone.zone).map(({ id }) => at(id).y)),
      ).toBeGreaterThanOrEqual(zone.y + 60);
      expect(across.zones[i + 1]?.y ?? Number.POSITIVE_INFINITY).toBeGreaterThan(zone.y + zone.height);
    }
    expect(layoutFor(hookCluster, { width: 870, height: 510 }, 'expert').way).toBe('down');
  });

  test('no two cards overlap in a cluster of 50', () => {
    const nodes = Array.from({ length: 47 }, (_, i) => ({
      id: `s${i}` as (typeof hookCluster.nodes)[number]['id'],
      zone: 'abc'[i % 3] ?? 'a',
      roles: ['store'] as const,
    }));
    const big = layoutCluster({ ...hookCluster, nodes: [...hookCluster.nodes.slice(0, 3), ...nodes] });
    const cards = [...big.cards.values()];
    expect(cards).toHaveLength(50);
    cards.forEach((a, i) => {
      for (const b of cards.slice(i + 1))
        expect(Math.abs(a.x - b.x) >= a.width || Math.abs(a.y - b.y) >= a.height).toBe(true);
    });
  });
});

test('a dot has its name where no other dot is close below it', () => {
  const boxes = Object.fromEntries(
    [
      ['pcs-1', 0, 0],
      ['pcs-4', 0, 172],
      ['store-1', 296, 0],
    ].map(([id, x, y]) => [id, { x: Number(x), y: Number(y), width: 248, height: 148 }]),
  );
  const placed = (zoom: number) =>
    Object.keys(boxes)
      .map((id) => [id, namePlace(boxes, id, zoom)])
      .filter(([, place]) => place !== 'below');
  expect(placed(0.2)).toEqual([['pcs-1', null]]);
  expect(placed(0.28)).toEqual([['pcs-1', 'beside']]);
  expect(placed(0.6)).toEqual([]);
});

describe('links', () => {
  test('between rows links are straight, their ends spread by where they lead; peers are joined by arcs below', () => {
    expect(path('rw-1', 'store-1')).toEqual({ from: [448, 232], to: [448, 452], control: null });
    const { from, to, control } = path('rw-1', 'store-3');
    expect([from, to].map((point) => point.map(Math.round))).toEqual([
      [510, 232],
      [978, 452],
    ]);
    expect(control).toBeNull();
    const arc = path('store-1', 'store-3');
    expect(arc.from[1]).toBe(600);
    expect(arc.control?.[1]).toBeGreaterThan(672);
  });

  test('both directions run on the same line', () => {
    const there = path('rw-1', 'store-2');
    const [store, writer] = [boxes['store-2'], boxes['rw-1']];
    if (store === undefined || writer === undefined) throw new Error('the cards are in the layout');
    const back = linkPath(store, writer, { blocked: false, arcs: false });
    for (const share of [0.1, 0.5, 0.8]) {
      const [x, y] = pointAt(there, share);
      const [u, v] = pointAt(back, 1 - share);
      expect(Math.hypot(x - u, y - v)).toBeLessThan(0.01);
    }
  });

  test('control links that only carry heartbeats past other cards are not drawn until something is wrong', () => {
    expect(isQuiet('meta-1', 'store-3', { boxes, roles, across: false })).toBe(true);
    expect(isQuiet('meta-1', 'store-1', { boxes, roles, across: false })).toBe(false);
    expect(isQuiet('store-1', 'store-3', { boxes, roles, across: false })).toBe(false);
  });
});

const flight = (change: Partial<FlightView> = {}): FlightView => {
  const first = makeHookFrame().flights[0];
  if (first === undefined) throw new Error('the fixture has flights');
  return { ...first, sentAt: time(1000), arrivesAt: time(2000), ...change };
};

const source: FlightSource = {
  pathOf: (from, to) => (from === 'rw-1' ? path(from, to) : reversed(path(to, from))),
  stopOf: () => 0.4,
  clear: 30,
};
const glyphsOf = (flights: readonly FlightView[], now: number, still = false) =>
  placeGlyphs(makeLanes(flights, source), now, still);

describe('messages in flight', () => {
  test.each([
    [500, 'flying', 0],
    [1250, 'flying', 0.25],
    [2600, 'flying', 1],
    [1250, 'lost', 0.25],
    [1900, 'lost', 0.4],
  ] as const)('at %i a message that is %s has gone %f of its way', (now, fate, share) => {
    expect(travelled(flight({ fate }), now, 0.4)).toBeCloseTo(share);
  });

  test('position is linear in virtual time, on the right of the line in the direction of travel', () => {
    const line = path('rw-1', 'store-1');
    const { at, angle } = lanePlace(line, 0.5);
    expect(at).toEqual([448 - laneOffset, 342]);
    expect(angle).toBeCloseTo(Math.PI / 2);
    expect(lanePlace(reversed(line), 0.5).at[0]).toBe(448 + laneOffset);
  });

  test('on an arc a message goes beside the line, in the direction of the line there', () => {
    const arc = path('store-1', 'store-3');
    expect(arc.control).not.toBeNull();
    for (const share of [0, 0.1, 0.5, 0.8, 1]) {
      const { at, angle } = lanePlace(arc, share);
      const [x, y] = pointAt(arc, share);
      expect(angle).toBeCloseTo(angleAt(arc, share));
      expect(Math.hypot(at[0] - x, at[1] - y)).toBeCloseTo(laneOffset);
      expect((at[0] - x) * Math.cos(angle) + (at[1] - y) * Math.sin(angle)).toBeCloseTo(0);
    }
  });

  test.each([1000, 2000])('at %i, sent or about to arrive, a message lies on neither card', (now) => {
    const { from, to } = path('rw-1', 'store-1');
    const y = glyphsOf([flight()], now)[0]?.at[1] ?? 0;
    expect(Math.min(Math.abs(y - from[1]), Math.abs(y - to[1]))).toBeCloseTo(30);
  });

  test('more than the limit in one direction of a link are one stack with a count', () => {
    const many = Array.from({ length: stackLimit + 1 }, (_, i) => flight({ id: `m${i}` }));
    expect(glyphsOf(many, 1500)).toMatchObject([{ count: stackLimit + 1 }]);
    expect(glyphsOf(many.slice(1), 1500)).toHaveLength(stackLimit);
  });

  test('what a link holds lies in one place: one stack with its number, what is still on its way beside it', () => {
    const held = Array.from({ length: 5 }, (_, i) => flight({ id: `m${i}`, fate: 'held' }));
    const late = flight({ id: 'late', fate: 'held', sentAt: time(1500), arrivesAt: time(2500) });
    const drawn = glyphsOf([...held, late], 1700);
    expect(drawn.map(({ count, share }) => [count, share])).toEqual([
      [5, 0.4],
      [1, 0.2],
    ]);
    expect(drawn[0]?.flight.id).toBe('m0');
    // It stands where the messages stopped, with motion or without.
    expect(glyphsOf(held, 1700, true)[0]).toMatchObject({ count: 5, at: drawn[0]?.at });
    // One alone is no stack; more than the limit are one, at the same place.
    expect(glyphsOf(held.slice(1, 2), 1700)).toMatchObject([{ count: 1, share: 0.4 }]);
    const many = Array.from({ length: stackLimit + 7 }, (_, i) => flight({ id: `m${i}`, fate: 'held' }));
    expect(glyphsOf(many, 1700)).toMatchObject([{ count: stackLimit + 7, share: 0.4 }]);
  });

  test('with reduced motion messages stand spread along their way and keep their progress', () => {
    const two = [flight({ id: 'm1' }), flight({ id: 'm2' })];
    const drawn = glyphsOf(two, 1250, true);
    expect(drawn.map(({ share }) => share)).toEqual([0.25, 0.25]);
    expect(drawn[0]?.at).not.toEqual(drawn[1]?.at);
    expect(glyphsOf(two, 1900, true).map(({ at }) => at)).toEqual(drawn.map(({ at }) => at));
  });

  test('the message under the pointer is found, none when it is too far', () => {
    const drawn = glyphsOf([flight()], 1500);
    expect(findGlyph(drawn, [440, 345], 16)?.flight.id).toBe(flight().id);
    expect(findGlyph(drawn, [600, 345], 16)).toBeNull();
  });
});

test('arrow keys go to the nearest card in their direction', () => {
  expect(nearestCard(boxes, 'rw-1', [0, 1])).toBe('store-1');
  expect(nearestCard(boxes, 'store-1', [1, 0])).toBe('store-2');
  expect(nearestCard(boxes, 'store-3', [1, 0])).toBeNull();
  expect(nearestCard(boxes, 'd1', [1, 0])).toBe('rw-1');
});

describe('names', () => {
  const frame = makeHookFrame();
  const name = (id: string): string => {
    const node = frame.nodes.find((known) => known.id === id);
    return node === undefined ? '' : nodeName(node, t);
  };

  test('a node is named by role, health and what matters', () => {
    expect(name('store-3')).toBe(
      'store-3, storage replica of g1 and g2, up, has all up to 111 and 110, 4 holes',
    );
    expect(name('store-1')).toBe('store-1, storage replica of g1 and g2, up, has all up to 125 and 124');
    expect(name('rw-1')).toBe('rw-1, writer, up, log safe up to 122, token 1');
    expect(name('d1')).toBe('d1, driver, up, 34 ok');
  });

  test('a crashed node is down whatever its last view said', () => {
    const node = frame.nodes.find(({ id }) => id === 'store-2');
    if (node === undefined) throw new Error('store-2 is in the fixture');
    const crashed = { ...node, status: 'down' as const };
    expect(healthOf(crashed)).toBe('down');
    expect(nodeName(crashed, t)).toContain('store-2, storage replica of g1 and g2, down');
  });

  test.each([
    [['DISK_LOST', null], 'refusing', 'out of service'],
    [['UNCHECKED', 'DISK_LOST'], 'refusing', 'out of service'],
    [['UNCHECKED', null], 'opening', 'starting'],
    [[null, null], 'up', 'up'],
  ] as const)('WAL-75 a store whose groups say %j is %s', (failures, health, words) => {
    const node = frame.nodes.find(({ id }) => id === 'store-2');
    const store = storeOf(node);
    if (node === undefined || store === null) throw new Error('store-2 is in the fixture');
    const groups = store.groups.map((group, i) => ({ ...group, failed: failures[i] ?? null }));
    const roles = node.view?.roles.map((role) => (role === store ? { ...store, groups } : role)) ?? [];
    const changed = { ...node, view: node.view && { ...node.view, roles } };
    expect(healthOf(changed)).toBe(health);
    expect(nodeName(changed, t)).toContain(`, ${words}`);
  });
});
