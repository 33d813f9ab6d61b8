// When a person sees that a message is lost.

import { afterEach, describe, expect, test } from 'vitest';
import { nodeId, time } from '../../base/ids.ts';
import { pairLinks } from '../../state/link-pair.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { inFlight, recordFlown, seenFate, stopShare } from './flight-fate.ts';

const frame = makeHookFrame();
const nodes = Object.fromEntries(frame.nodes.map((node) => [node.id, node]));
const linked = (cut: readonly string[]) => ({
  nodes,
  links: Object.fromEntries(
    pairLinks(
      frame.links.map((link) => ({ ...link, cut: cut.includes(`${link.from}>${link.to}`) })),
      frame.cluster.nodes.map(({ id }) => id),
    ).map((pair) => [pair.key, pair]),
  ),
});
const sent = (from: string, to: string) => ({
  id: `${from}.1.0`,
  from: nodeId(from),
  to: nodeId(to),
  sentAt: time(1000),
  arrivesAt: time(2000),
  fate: 'lost' as const,
});

describe('a lost message', () => {
  afterEach(() => recordFlown(new Set()));
  const cut = linked(['rw-1>store-3', 'store-3>rw-1']);

  test('flies to the break of its link, from either side, and is lost there', () => {
    const there = sent('rw-1', 'store-3');
    expect([1000, 1380, 1400, 1900].map((now) => seenFate(there, cut, now))).toEqual([
      'flying',
      'flying',
      'lost',
      'lost',
    ]);
    const back = sent('store-3', 'rw-1');
    expect([1000, 1500, 1520].map((now) => seenFate(back, cut, now))).toEqual(['flying', 'flying', 'lost']);
  });

  test('flies almost to its receiver over a link that only loses some', () => {
    const one = sent('rw-1', 'store-2');
    expect([1890, 1900].map((now) => seenFate(one, cut, now))).toEqual(['flying', 'lost']);
  });

  test('what a link holds lies in a pile with room before the receiver, in its direction alone', () => {
    const held = {
      nodes,
      links: Object.fromEntries(
        pairLinks(
          frame.links.map((link) => ({ ...link, held: link.from === 'rw-1' && link.to === 'store-2' })),
          frame.cluster.nodes.map(({ id }) => id),
        ).map((pair) => [pair.key, pair]),
      ),
    };
    expect(stopShare(held, 'rw-1', 'store-2')).toBeLessThan(0.8);
    expect(stopShare(held, 'store-2', 'rw-1')).toBe(0.9);
  });

  test('shows it at once when it was seen flying before', () => {
    const one = sent('rw-1', 'store-3');
    recordFlown(new Set([one.id]));
    expect(seenFate(one, cut, 1000)).toBe('lost');
  });

  test('only what is lost hides anything', () => {
    expect(seenFate({ ...sent('rw-1', 'store-3'), fate: 'held' }, cut, 1000)).toBe('held');
    expect(seenFate({ ...sent('rw-1', 'store-3'), fate: 'flying' }, cut, 1999)).toBe('flying');
  });
});

describe('what is in flight', () => {
  const all = { heartbeats: false, hidden: [], onlyLsn: null, onlyTrace: null };

  test('neither what is lost nor what a filter hides, for every count alike', () => {
    const links = linked(['rw-1>store-3', 'store-3>rw-1']);
    const [one] = frame.flights;
    if (one === undefined) throw new Error('the picture has messages in flight');
    const label = { ...one.label, family: 'wal' as const };
    const flying = { ...one, ...sent('rw-1', 'store-2'), label, id: 'rw-1.1.0', fate: 'flying' as const };
    const lost = { ...one, ...sent('rw-1', 'store-3'), label, id: 'rw-1.2.0' };
    const beat = { ...flying, id: 'meta-1.1.0', label: { ...label, family: 'heartbeat' as const } };
    const at = (now: number) => ({
      ...links,
      frame: { ...frame, time: time(now), flights: [flying, lost, beat] },
    });
    const ids = (now: number, filter: Parameters<typeof inFlight>[1]) =>
      inFlight(at(now), filter).map(({ id }) => id);
    // It flies to the break of its link.
    expect(ids(1100, all)).toEqual(['rw-1.1.0', 'rw-1.2.0']);
    expect(ids(1900, all)).toEqual(['rw-1.1.0']);
    // The picture keeps it past its arrival.
    expect(ids(2500, null)).toEqual(['rw-1.1.0', 'meta-1.1.0']);
  });
});
