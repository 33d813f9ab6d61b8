// A table as a drawing: rows as high as their words need, nothing over its cell's edge. Pure; colours are handed in.

import { wordsWidth } from '../kit/words-width.ts';

export interface TableLook {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly ground: string;
}

interface Column {
  readonly x: number;
  readonly width: number;
}

const letterPx = 6.9;
const linePx = 18;
const padPx = 8;
const firstPx = 300;
const otherPx = 260;

/** The words of a cell in lines that fit; a word that is longer than a line is broken. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=[ ，、；。：/])/u))
    for (const part of wordsWidth(word, letterPx) > width ? [...word] : [word]) {
      if (line !== '' && wordsWidth((line + part).trimEnd(), letterPx) > width) {
        lines.push(line.trimEnd());
        line = '';
      }
      line += part;
    }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

interface DrawnTable {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** The first row is the head, the first column names the rows; a cell's lines are parted by `\n`. */
export function tableSvg(rows: readonly (readonly string[])[], look: TableLook): DrawnTable {
  const columns = (rows[0] ?? []).map(
    (_, i): Column =>
      i === 0 ? { x: 0, width: firstPx } : { x: firstPx + (i - 1) * otherPx, width: otherPx },
  );
  const width = firstPx + Math.max(0, columns.length - 1) * otherPx;
  let y = 0;
  const drawn = rows.map((cells, row) => {
    const wrapped = columns.map(({ width: room }, i) =>
      (cells[i] ?? '').split('\n').flatMap((line) => wrapWords(line, room - 2 * padPx)),
    );
    const height = Math.max(1, ...wrapped.map(({ length }) => length)) * linePx + 2 * padPx;
    const texts = wrapped.flatMap((lines, i) =>
      lines.map((line, at) => {
        const isHead = row === 0 || i === 0;
        const place = `x="${(columns[i]?.x ?? 0) + padPx}" y="${y + padPx + 13 + at * linePx}"`;
        return `<text ${place} font-size="13" font-weight="${isHead ? 600 : 400}" fill="${row === 0 ? look.muted : look.text}">${escapeXml(line)}</text>`;
      }),
    );
    y += height;
    return `${texts.join('')}<path d="M0 ${y}h${width}" stroke="${look.line}"/>`;
  });
  return {
    svg: `<rect width="${width}" height="${y}" fill="${look.ground}"/>${drawn.join('')}`,
    width,
    height: y,
  };
}

/** As a table of Markdown. */
export function tableMarkdown(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', '<br>');
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`;
  const [head = [], ...rest] = rows;
  return line(head) + line(head.map(() => '---')) + rest.map(line).join('');
}
