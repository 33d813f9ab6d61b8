import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../base/base64.ts';
import { makePrng, nextBelow } from '../base/prng.ts';
import { findPreset, presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { packLines, unpackLine } from './tape-pack.ts';
import { parseTape } from './tape-parse.ts';
import { printTape } from './tape-print.ts';
import { makeTape } from './tape-run.ts';

const preset = findPreset('cynosdb');
if (preset === null) throw new Error('cynosdb');

test('base64 is what the host makes of it, and nothing else is read', () => {
  const prng = makePrng(3, 'bytes');
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, () => nextBelow(prng, 256));
    const text = toBase64(bytes);
    expect(text).toBe(Buffer.from(bytes).toString('base64'));
    expect(fromBase64(text)).toEqual(bytes);
  }
  for (const text of ['A', 'AA', '====', 'AA=A', 'A-==', 'é===']) expect(fromBase64(text)).toBeNull();
});

const header = printTape(tapes, makeTape(preset, { engine: 'test', seed: 7 })).trimEnd();
const linesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${i}.000 sql d1 pg-${i % 9} "insert into t values (${i}, 'é')"`);

test('T05 a long tape is packed, and is the same tape; a short one stands as it is', () => {
  expect(packLines(linesOf(100))).toEqual(linesOf(100));
  const plain = parseTape(tapes, [header, ...linesOf(20_000)].join('\n'));
  if (!plain.ok) throw new Error(plain.error);
  const printed = printTape(tapes, plain.tape);
  const packed = printed.split('\n').filter((line) => line.startsWith('packed '));
  expect(packed.length).toBeGreaterThan(1);
  expect(printed.length).toBeLessThan(linesOf(20_000).join('\n').length / 4);
  const again = parseTape(tapes, printed);
  expect(again.ok && again.tape.actions).toEqual(plain.tape.actions);
  expect(presets.presetNames).toContain(plain.tape.header.preset);
});

test('T05 what is damaged in a packed part is said, with its line', () => {
  const printed = [header, ...packLines(linesOf(20_000))];
  const at = printed.findIndex((line) => line.startsWith('packed '));
  const block = printed[at] ?? '';
  const [word = '', count = '', bytes = '', sum = '', text = ''] = block.split(' ');
  const refused = (line: string): string => {
    const read = parseTape(tapes, printed.map((one, i) => (i === at ? line : one)).join('\n'));
    if (read.ok) throw new Error('it was read');
    return `${read.line - printed.slice(0, at).join('\n').split('\n').length}: ${read.error}`;
  };
  const flipped = text.slice(0, 900) + (text[900] === 'A' ? 'B' : 'A') + text.slice(901);
  expect(refused([word, count, bytes, sum, flipped].join(' '))).toMatch(/^1: the packed part is damaged/);
  expect(refused([word, count, bytes, sum, `${text.slice(0, -4)}!!!!`].join(' '))).toBe(
    '1: the packed part is damaged: it is not base64',
  );
  expect(refused([word, count, bytes, sum, text.slice(0, 400)].join(' '))).toMatch(
    /^1: the packed part is damaged/,
  );
  expect(refused([word, count, bytes, '00000000', text].join(' '))).toMatch(/^1: .*its checksum is/);
  expect(refused([word, count, '1000', sum, text].join(' '))).toMatch(/^1: the packed part is damaged/);
  expect(refused([word, '7', bytes, sum, text].join(' '))).toMatch(
    /^1: the packed part has \d+ actions and says 7/,
  );
  expect(refused([word, count, '99999999', sum, text].join(' '))).toMatch(/^1: a packed line has at most/);
  expect(refused('packed 1')).toMatch(/^1: a packed line is/);
  const inner = packLines([...linesOf(10_001), '20000.000 crash nobody']);
  const last = parseTape(tapes, [header, ...inner].join('\n'));
  expect(last).toMatchObject({ ok: false, error: expect.stringMatching(/^packed action \d+: .*nobody/) });
  expect(() => unpackLine('packed 1 4 00000000 AAAA')).toThrow(/damaged/);
});
