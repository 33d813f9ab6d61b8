// One table for the message families: letter, hue, shape and whether it is hollow. Legend, list, overlay and menus all
// draw from it. Paths are SVG path data around the origin, 22 px (diamond 26), for SVG and Path2D alike.

import type { MessageFamily } from '../../core/kernel/message-label.ts';
import type { PlainKey } from '../i18n/i18n.ts';
import type { Hue } from '../kit/button.tsx';

export interface GlyphSpec {
  readonly letter: string;
  readonly hue: Hue;
  readonly shape: GlyphShape;
  readonly hollow: boolean;
  /** Turns with the direction of travel. */
  readonly turns: boolean;
  /** Shift of the letter so that it sits in the shape's middle. */
  readonly letterDy: number;
  readonly label: PlainKey;
}

export type GlyphShape =
  | 'square'
  | 'wedge'
  | 'disc'
  | 'diamond'
  | 'document'
  | 'hexagon'
  | 'octagon'
  | 'dot'
  | 'box';

const polygon = (points: readonly (readonly [number, number])[]): string =>
  `M${points.map(([x, y]) => `${x} ${y}`).join('L')}Z`;

export const glyphPaths: Readonly<Record<GlyphShape, string>> = {
  square: 'M-9-6a3 3 0 0 1 3-3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3h-12a3 3 0 0 1-3-3z',
  wedge: polygon([
    [-11, -9],
    [3, -9],
    [13, 0],
    [3, 9],
    [-11, 9],
  ]),
  disc: 'M-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0z',
  diamond: polygon([
    [0, -13],
    [13, 0],
    [0, 13],
    [-13, 0],
  ]),
  document: 'M-8-11h11l5 5v17h-16z',
  hexagon: polygon([
    [-6, -10],
    [6, -10],
    [12, 0],
    [6, 10],
    [-6, 10],
    [-12, 0],
  ]),
  octagon: polygon([
    [-5, -11],
    [5, -11],
    [11, -5],
    [11, 5],
    [5, 11],
    [-5, 11],
    [-11, 5],
    [-11, -5],
  ]),
  box: 'M-11-9h22v5h-2v14h-18v-14h-2z',
  dot: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z',
};

const spec = (
  letter: string,
  hue: Hue,
  shape: GlyphShape,
  label: PlainKey,
  options: Partial<Pick<GlyphSpec, 'hollow' | 'turns' | 'letterDy'>> = {},
): GlyphSpec => ({ letter, hue, shape, label, hollow: false, turns: false, letterDy: 0, ...options });

export const glyphs: Readonly<Record<MessageFamily, GlyphSpec>> = {
  sqlRequest: spec('Q', 'client', 'square', 'family.sqlRequest'),
  sqlReply: spec('R', 'client', 'square', 'family.sqlReply', { hollow: true }),
  wal: spec('W', 'wal', 'wedge', 'family.wal', { turns: true }),
  ack: spec('A', 'ack', 'disc', 'family.ack'),
  holeRequest: spec('H', 'hole', 'diamond', 'family.holeRequest', { hollow: true }),
  holeFill: spec('H', 'hole', 'diamond', 'family.holeFill'),
  pageRead: spec('P', 'client', 'document', 'family.pageRead', { hollow: true, letterDy: 1 }),
  pageReply: spec('P', 'client', 'document', 'family.pageReply', { letterDy: 1 }),
  control: spec('C', 'ctl', 'hexagon', 'family.control'),
  heartbeat: spec('', 'ctl', 'dot', 'family.heartbeat'),
  fence: spec('T', 'fence', 'octagon', 'family.fence'),
  archive: spec('B', 'ack', 'box', 'family.archive', { letterDy: 2 }),
};

export const families = Object.keys(glyphs) as readonly MessageFamily[];
