// A small value of the object store that is written over again and again, a manifest or the pins (docs/spec/wal.md WAL-42,
// WAL-45): two slots in turn, each as two copies. A torn write leaves the value before it, and one damaged copy takes
// nothing back.

import type { Write } from '../kernel/door.ts';

const SLOTS = [0, 1] as const;
const COPIES = ['a', 'b'] as const;

const copyKeys = (prefix: string, slot: number): string[] => COPIES.map((copy) => `${prefix}${slot}${copy}`);

/** Everywhere that such a value may lie. */
export const slotKeys = (prefix: string): string[] => SLOTS.flatMap((slot) => copyKeys(prefix, slot));

/** The slot of the value before the previous one is written over. */
export const slotWrites = (prefix: string, turn: number, bytes: Uint8Array): Write[] =>
  copyKeys(prefix, turn % SLOTS.length).map((key) => ({ key, bytes }));
