// A 64-bit running hash as two 32-bit lanes, over words and bytes. Not cryptographic: it compares runs.

/** Running hash state; plain data. */
export interface Hash {
  lo: number;
  hi: number;
}

export const makeHash = (): Hash => ({ lo: 0x243f_6a88 | 0, hi: 0x85a3_08d3 | 0 });

function mixWord(h: Hash, word: number): void {
  let lo = Math.imul(h.lo ^ word, 0x85eb_ca6b);
  lo = (lo << 13) | (lo >>> 19);
  h.lo = (Math.imul(lo, 5) + h.hi) | 0;
  let hi = Math.imul(h.hi ^ lo, 0xc2b2_ae35);
  hi ^= hi >>> 15;
  h.hi = (hi + word) | 0;
}

/** Mixes an integer up to 2^53, negative ones included. */
export function hashNumber(h: Hash, value: number): void {
  mixWord(h, value | 0);
  mixWord(h, Math.floor(value / 0x1_0000_0000) | 0);
}

export function hashBytes(h: Hash, bytes: Uint8Array, start = 0, end: number = bytes.length): void {
  mixWord(h, end - start);
  let i = start;
  for (; i + 4 <= end; i += 4) {
    mixWord(
      h,
      (bytes[i] as number) |
        ((bytes[i + 1] as number) << 8) |
        ((bytes[i + 2] as number) << 16) |
        ((bytes[i + 3] as number) << 24),
    );
  }
  let tail = 0;
  for (let shift = 0; i < end; i++, shift += 8) tail |= (bytes[i] as number) << shift;
  mixWord(h, tail);
}

export function hashText(h: Hash, text: string): void {
  mixWord(h, text.length);
  let i = 0;
  for (; i + 2 <= text.length; i += 2) mixWord(h, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
  if (i < text.length) mixWord(h, text.charCodeAt(i));
}

/** Sixteen hex digits. */
export function hashHex(h: Hash): string {
  const finish: Hash = { lo: h.lo, hi: h.hi };
  mixWord(finish, 0x5bd1_e995);
  mixWord(finish, finish.lo);
  return (finish.hi >>> 0).toString(16).padStart(8, '0') + (finish.lo >>> 0).toString(16).padStart(8, '0');
}
