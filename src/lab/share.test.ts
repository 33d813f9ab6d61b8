// Share links: exact round trip, and B19: bad or hostile links are refused with a reason, at once and without a throw.

import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { decodeTape, encodeTape } from './share.ts';

const link = (bytes: Uint8Array): string => `1.${Buffer.from(bytes).toString('base64url')}`;

describe('share links', () => {
  test('a tape comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 5000 }), (tape) => {
        expect(decodeTape(encodeTape(tape))).toEqual({ ok: true, tape });
      }),
    );
  });

  test.each([
    ['no version', 'abc', /format none/],
    ['a newer format', '2.abc', /format 2/],
    ['not base64url', '1.a+b/', /base64url/],
    ['damaged', '1.AAAA', /damaged|cut off/],
    ['cut off', encodeTape('x'.repeat(300)).slice(0, -4), /cut off|damaged/],
    ['not UTF-8', link(deflateSync(new Uint8Array([0xff, 0xfe]))), /UTF-8/],
  ])('B19 %s is refused with a reason', (_name, parameter, reason) => {
    const opened = decodeTape(parameter);
    expect(opened.ok).toBe(false);
    if (!opened.ok) expect(opened.why.error).toMatch(reason);
  });

  test('B19 of a link that is cut off or damaged half way, the first half of its tape is read', () => {
    const lines = Array.from({ length: 400 }, (_, i) => `${i}.000 jitter rw-1 > store-1 : 0.${i * 7} ms`);
    const tape = lines.join('\n');
    const whole = encodeTape(tape);
    const half = whole.slice(0, whole.length / 2);
    const packed = Buffer.from(whole.slice(2), 'base64url');
    const middle = packed.length >> 1;
    packed.fill(0xff, middle, middle + 8);
    for (const parameter of [half, link(packed)]) {
      const opened = decodeTape(parameter);
      if (opened.ok) throw new Error('it was opened');
      const common = [...opened.readable].findIndex((character, i) => character !== tape[i]);
      expect(common === -1 ? opened.readable.length : common).toBeGreaterThan(tape.length / 3);
    }
  });

  test('T05 a bomb stops at the ratio', () => {
    const opened = decodeTape(link(deflateSync(new Uint8Array(64 * 1024 * 1024))));
    expect(opened).toMatchObject({ ok: false });
    if (!opened.ok) expect(opened.why.error).toMatch(/expands to more than/);
  });

  test('B19 any text is answered', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) => typeof decodeTape(text).ok === 'boolean' && typeof decodeTape(`1.${text}`).ok === 'boolean',
      ),
    );
  });
});
