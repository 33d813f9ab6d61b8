// A table as a drawing and as Markdown.

import { expect, test } from 'vitest';
import { wordsWidth } from '../kit/words-width.ts';
import { tableMarkdown, tableSvg, wrapWords } from './table-svg.ts';

const look = { text: '#111', muted: '#555', line: '#ddd', ground: '#fff' };

test('words are wrapped where they fit, in both languages, and a long word is broken', () => {
  for (const text of [
    'how long nobody could write, in virtual time',
    '无人能写的时间：检测、选定、恢复',
    'x'.repeat(90),
  ]) {
    const lines = wrapWords(text, 120);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(wordsWidth(line, 6.9)).toBeLessThanOrEqual(120);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  }
  expect(wrapWords('', 100)).toEqual([]);
});

test('rows stand below each other, as high as their highest cell', () => {
  const { svg, width, height } = tableSvg(
    [
      ['Figure', 'A'],
      ['RTO', '1 ms\n2 ms\n3 ms'],
      ['<RPO>', '0'],
    ],
    look,
  );
  expect(width).toBe(560);
  expect(height).toBe(34 + 70 + 34);
  expect(svg).toContain('&#60;RPO&#62;');
});

test('Markdown: a bar and a line’s end do not end a cell', () => {
  expect(
    tableMarkdown([
      ['a', 'b'],
      ['1|2', 'x\ny'],
    ]),
  ).toBe('| a | b |\n| --- | --- |\n| 1\\|2 | x<br>y |\n');
});
