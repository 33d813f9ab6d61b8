// Recomputes what the colour tokens promise: contrast of texts and hues on their surfaces, of control
// borders, of text on the soft fills, in both themes. Reads the stylesheet itself.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function readTheme(selector: string): ReadonlyMap<string, string> {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(start, css.indexOf('}', start));
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6}|\d+%)/gi)].map((m) => [m[1] ?? '', m[2] ?? '']),
  );
}

const themes = { light: readTheme(':root'), dark: readTheme('[data-theme="dark"]') };

type Rgb = readonly [number, number, number];

function rgb(theme: ReadonlyMap<string, string>, name: string): Rgb {
  const hex = theme.get(name) ?? '';
  return [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const mix = (a: Rgb, b: Rgb, share: number): Rgb =>
  a.map((value, i) => value * share + (b[i] ?? 0) * (1 - share)) as unknown as Rgb;

const hues = ['wal', 'ack', 'hole', 'reader', 'ctl', 'fence', 'client'] as const;
/** Of shard groups on the map (stacks/cynosdb/shard-chips.tsx). */
const groups = ['group-0', 'group-1', 'group-2', 'group-3', 'group-4', 'group-5'] as const;

describe.each(Object.entries(themes))('tokens, %s', (_name, theme) => {
  test('every token is there', () => {
    expect([...theme.keys()]).toEqual(
      expect.arrayContaining([
        'bg-0',
        'bg-1',
        'bg-2',
        'text',
        'text-muted',
        'border-control',
        'line',
        'accent',
        ...hues,
        ...groups,
      ]),
    );
  });

  test.each(['text', 'text-muted', 'accent', ...hues])('%s is at least 4.5:1 on page and panel', (name) => {
    for (const surface of ['bg-0', 'bg-1']) {
      expect(contrast(rgb(theme, name), rgb(theme, surface)), surface).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('text is at least 4.5:1 on what is raised', () => {
    for (const name of ['text', 'text-muted'])
      expect(contrast(rgb(theme, name), rgb(theme, 'bg-2'))).toBeGreaterThanOrEqual(4.5);
  });

  test('borders of controls are at least 3:1', () => {
    for (const surface of ['bg-0', 'bg-1'])
      expect(contrast(rgb(theme, 'border-control'), rgb(theme, surface))).toBeGreaterThanOrEqual(3);
  });

  test('letters on a filled glyph are at least 4.5:1', () => {
    for (const hue of [...hues, ...groups])
      expect(contrast(rgb(theme, 'bg-1'), rgb(theme, hue)), hue).toBeGreaterThanOrEqual(4.5);
  });

  test('text on a soft fill is at least 4.5:1, its edge to the fill at least 3:1', () => {
    const share = Number.parseInt(theme.get('soft') ?? '0', 10) / 100;
    for (const hue of ['wal', 'ack', 'hole', 'fence'] as const) {
      const fill = mix(rgb(theme, hue), rgb(theme, 'bg-1'), share);
      expect(contrast(rgb(theme, 'text'), fill), hue).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb(theme, hue), fill), hue).toBeGreaterThanOrEqual(3);
    }
  });
});
