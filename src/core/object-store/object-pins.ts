// Objects that restores under way are made from (docs/spec/wal.md WAL-45): they stay until the metadata names them no more,
// whatever retention takes from the manifest. The metadata names all of them at once, in an order of (boot, sequence), so an
// order that comes late or twice changes nothing. Durable as manifests are (object-slots.ts).

import { type Decoded, type Infer, list, struct, text, uint } from '../../base/codec.ts';
import type { DiskImage, Write } from '../kernel/door.ts';
import { openWith, sealWith } from '../kernel/framing.ts';
import { slotKeys, slotWrites } from './object-slots.ts';

const VERSION = 1;
const PREFIX = 'pins/';

const standing = struct({
  turn: uint,
  boot: uint,
  sequence: uint,
  pins: list(struct({ volume: text, names: list(text) })),
});
export type Pins = Infer<typeof standing>;

export const noPins = (): Pins => ({ turn: 0, boot: 0, sequence: 0, pins: [] });

export const isNewer = (a: Pick<Pins, 'boot' | 'sequence'>, b: Pick<Pins, 'boot' | 'sequence'>): boolean =>
  a.boot > b.boot || (a.boot === b.boot && a.sequence > b.sequence);

export const pinnedNames = ({ pins }: Pick<Pins, 'pins'>): string[] => pins.flatMap(({ names }) => names);

export const pinWrites = (pins: Pins): Write[] => slotWrites(PREFIX, pins.turn, sealPins(pins));

export const sealPins = (pins: Pins): Uint8Array => sealWith(standing, VERSION, pins);
export const openPins = (bytes: Uint8Array): Decoded<Pins> => openWith(standing, VERSION, bytes);

export function loadPins(disk: DiskImage): Pins {
  let newest = noPins();
  for (const key of slotKeys(PREFIX)) {
    const bytes = disk.get(key);
    const opened = bytes && openPins(bytes);
    if (opened?.ok && opened.value.turn > newest.turn) newest = opened.value;
  }
  return newest;
}
