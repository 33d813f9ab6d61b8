// The free-space map against a plain list of what was recorded.
import { describe, expect, it } from 'vitest';
import { clonePlain } from '../../base/plain.ts';
import { makePrng, nextBelow } from '../../base/prng.ts';
import { blockWithRoom, makeFreeSpace, roomOf, setRoom, unknownBlock } from './free-space.ts';

const MAPPED = 2 ** 18;

describe('free-space map', () => {
  it('offers the lowest block with enough room, whatever was recorded in whatever order', () => {
    const map = makeFreeSpace(MAPPED);
    const recorded = new Map<number, number>();
    const prng = makePrng(3, 'free-space');
    let offered = 0;
    for (let i = 0; i < 4000; i++) {
      const block = 1 + nextBelow(prng, 1 + Math.floor(i / 10));
      const room = nextBelow(prng, 20) === 0 ? nextBelow(prng, 1000) : nextBelow(prng, 100);
      setRoom(map, block, room);
      recorded.set(block, room);
      const need = nextBelow(prng, 1000);
      const fitting = [...recorded].filter(([, has]) => has >= need).map(([fits]) => fits);
      const lowest = fitting.length === 0 ? null : Math.min(...fitting);
      expect(blockWithRoom(map, need)).toBe(lowest);
      if (lowest !== null) offered++;
    }
    expect(offered).toBeGreaterThan(1000);
    for (const [block, room] of recorded) expect(roomOf(map, block)).toBe(room);
  });

  it('a full block and an unknown one are distinguished; nothing is offered that is not known', () => {
    const map = makeFreeSpace(MAPPED);
    expect(blockWithRoom(map, 0)).toBeNull();
    setRoom(map, 1, 0);
    expect(roomOf(map, 1)).toBe(0);
    expect(roomOf(map, 2)).toBeNull();
    expect(blockWithRoom(map, 0)).toBe(1);
    expect(blockWithRoom(map, 1)).toBeNull();
  });

  it('every unknown block is named until something is known of it, from the lowest', () => {
    const map = makeFreeSpace(MAPPED);
    setRoom(map, 2, 10);
    const named: number[] = [];
    for (let next = unknownBlock(map, 40); next !== null; next = unknownBlock(map, 40)) {
      named.push(next);
      setRoom(map, next, 0);
    }
    expect(named).toEqual([1, ...Array.from({ length: 37 }, (_, i) => i + 3)]);
    expect(unknownBlock(map, 41)).toBe(40);
  });

  it('a clone goes its own way', () => {
    const map = makeFreeSpace(MAPPED);
    setRoom(map, 5, 50);
    const twin = clonePlain(map);
    setRoom(map, 5, 0);
    expect(blockWithRoom(twin, 40)).toBe(5);
    expect(blockWithRoom(map, 40)).toBeNull();
  });

  it('its memory has a bound: blocks beyond are not remembered', () => {
    const map = makeFreeSpace(MAPPED);
    setRoom(map, MAPPED - 1, 7);
    setRoom(map, MAPPED, 900);
    expect(map.tree.length).toBe(2 * MAPPED);
    expect(blockWithRoom(map, 7)).toBe(MAPPED - 1);
    expect(blockWithRoom(map, 8)).toBeNull();
    expect(roomOf(map, MAPPED)).toBeNull();
  });
});
