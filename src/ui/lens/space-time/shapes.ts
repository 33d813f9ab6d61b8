// What is drawn of lens 4.7, as a few SVG paths however many events there are: one path for each look. Pure, so that
// the page and an export draw the same.

import { glyphs } from '../../glyphs/glyph-shapes.ts';
import type { Hue } from '../../kit/button.tsx';
import type { Cone, EventMark, MessageMark, SpaceTimeModel } from './project.ts';

export const laneHeight = 44;
export const axisHeight = 24;

export interface Geometry {
  readonly left: number;
  readonly width: number;
  readonly x: (at: number) => number;
  readonly at: (x: number) => number;
  readonly y: (lane: number) => number;
  readonly height: number;
}

export function makeGeometry(model: SpaceTimeModel, width: number, left: number): Geometry {
  const span = Math.max(1, model.to - model.from);
  const room = Math.max(1, width - left - 12);
  return {
    left,
    width,
    x: (at) => left + ((at - model.from) / span) * room,
    at: (x) => model.from + ((x - left) / room) * span,
    y: (lane) => axisHeight + laneHeight * (lane + 0.5),
    height: axisHeight + laneHeight * model.lanes.length + 8,
  };
}

export const markRadius = (mark: EventMark): number =>
  2.5 + mark.rank * 1.2 + (mark.events.length > 1 ? 1.5 : 0);

const round = (value: number): number => Math.round(value * 10) / 10;

const circle = (x: number, y: number, r: number): string =>
  `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

export interface ShapePath {
  readonly key: string;
  readonly d: string;
  readonly stroke: Hue | 'line' | 'text';
  readonly isFilled: boolean;
  readonly isFaint: boolean;
}

interface Draft {
  d: string;
  readonly look: Omit<ShapePath, 'd'>;
}

function add(drafts: Map<string, Draft>, look: Omit<ShapePath, 'd'>, d: string): void {
  const known = drafts.get(look.key);
  if (known === undefined) drafts.set(look.key, { d, look });
  else known.d += d;
}

const isFaintIn = (cone: Cone, anyChosen: boolean): boolean => anyChosen && cone === 'concurrent';

function messagePath({ message, from, to }: MessageMark, geometry: Geometry): string {
  const x1 = round(geometry.x(message.sentAt));
  const y1 = round(geometry.y(from));
  const x2 = round(geometry.x(message.arrivesAt));
  const y2 = round(geometry.y(to));
  const line = `M${x1} ${y1}L${x2} ${y2}`;
  return message.fate === 'lost' ? `${line}M${x2 - 4} ${y2 - 4}l8 8m0-8l-8 8` : line;
}

/** Messages below, events above them. */
export function spaceTimePaths(model: SpaceTimeModel, geometry: Geometry): readonly ShapePath[] {
  const drafts = new Map<string, Draft>();
  const anyChosen = model.chosen !== null;
  for (const mark of model.messages) {
    const isFaint = isFaintIn(mark.cone, anyChosen);
    const { family } = mark.message.label;
    const look = { key: `m ${family} ${isFaint}`, stroke: glyphs[family].hue, isFilled: false, isFaint };
    add(drafts, look, messagePath(mark, geometry));
  }
  for (const mark of model.marks) {
    const isFaint = isFaintIn(mark.cone, anyChosen);
    const isFilled = mark.cone !== 'future';
    const stroke = mark.cone === 'self' ? ('accent' as const) : ('text' as const);
    const look = { key: `e ${mark.cone}`, stroke, isFilled, isFaint };
    add(drafts, look, circle(geometry.x(mark.at), geometry.y(mark.lane), markRadius(mark)));
  }
  return [...drafts.values()].map(({ d, look }) => ({ ...look, d }));
}

/** The mark under a point, or null: the nearest within 10 px. */
export function markAt(model: SpaceTimeModel, geometry: Geometry, x: number, y: number): EventMark | null {
  const lane = Math.floor((y - axisHeight) / laneHeight);
  if (Math.abs(y - geometry.y(lane)) > 12) return null;
  let best: EventMark | null = null;
  let least = 10;
  for (const mark of model.marks) {
    if (mark.lane !== lane) continue;
    const distance = Math.abs(geometry.x(mark.at) - x);
    if (distance < least) {
      least = distance;
      best = mark;
    }
  }
  return best;
}

/** The message whose line passes a point within 5 px, or null. */
export function messageAt(
  model: SpaceTimeModel,
  geometry: Geometry,
  x: number,
  y: number,
): MessageMark | null {
  let best: MessageMark | null = null;
  let least = 5;
  for (const mark of model.messages) {
    const x1 = geometry.x(mark.message.sentAt);
    const y1 = geometry.y(mark.from);
    const dx = geometry.x(mark.message.arrivesAt) - x1;
    const dy = geometry.y(mark.to) - y1;
    const length = Math.hypot(dx, dy);
    if (length === 0) continue;
    const along = ((x - x1) * dx + (y - y1) * dy) / (length * length);
    if (along < 0 || along > 1) continue;
    const distance = Math.abs((x - x1) * dy - (y - y1) * dx) / length;
    if (distance < least) {
      least = distance;
      best = mark;
    }
  }
  return best;
}
