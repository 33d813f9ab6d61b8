// Drawing shapes of lens 4.7: one path for each look, however many events there are. The page draws it on canvases, an
// export as SVG; both draw the same lines and circles.

import type { MessageFamily } from '../../../core/kernel/message-label.ts';
import { isLitEvent, isLitFlight, type SelectionScope } from '../../../state/highlight.ts';
import { families, glyphs } from '../../glyphs/glyph-shapes.ts';
import type { Hue } from '../../kit/button.tsx';
import type { EventMark, MessageMark, SpaceTimeModel } from './model.ts';

export const axisHeight = 24;

/** Room at the right edge. */
export const edgeRoom = 12;

export interface Geometry {
  readonly left: number;
  readonly width: number;
  readonly x: (at: number) => number;
  readonly at: (x: number) => number;
  readonly y: (lane: number) => number;
  readonly height: number;
  /** px of one µs. */
  readonly scale: number;
  /** px from lane to lane. */
  readonly pitch: number;
}

/** px below the last lane. */
export const footHeight = 8;

/** px of a lane's line below the top of the plot. */
export const laneAt = (pitch: number, lane: number): number => axisHeight + pitch * (lane + 0.5);

export function makeGeometry(model: SpaceTimeModel, width: number, left: number, pitch: number): Geometry {
  const scale = Math.max(1, width - left - edgeRoom) / Math.max(1, model.spanUs);
  const from = model.to - model.spanUs;
  return {
    left,
    width,
    scale,
    x: (at) => left + (at - from) * scale,
    at: (x) => from + (x - left) / scale,
    pitch,
    y: (lane) => laneAt(pitch, lane),
    height: axisHeight + pitch * model.lanes.length + footHeight,
  };
}

export const markRadius = (mark: EventMark): number =>
  2.5 + mark.rank * 1.2 + (mark.events.length > 1 ? 1.5 : 0);

/** How the parts of one path look. */
export interface Look {
  readonly key: string;
  readonly stroke: Hue | 'line' | 'text';
  /** `tint`: the stroke's colour mixed into the ground, as areas are filled. */
  readonly fill: 'none' | 'stroke' | 'tint' | 'ground';
  /** px. A line of one is drawn many times faster than a wider one, and there are thousands. */
  readonly lineWidth: 1 | 1.5;
  readonly isFaint: boolean;
  readonly isDashed: boolean;
}

export interface Pen {
  line(x1: number, y1: number, x2: number, y2: number): void;
  circle(x: number, y: number, radius: number): void;
}

/** Cones light what they hold; without an event that is chosen, what is selected elsewhere lights what it is about. */
export interface Shade {
  readonly anyChosen: boolean;
  readonly scope: SelectionScope | null;
}

export const shadeOf = ({ chosen, scope }: Pick<SpaceTimeModel, 'chosen' | 'scope'>): Shade => ({
  anyChosen: chosen !== null,
  scope,
});

const isFaintMessage = ({ message, cone }: MessageMark, { anyChosen, scope }: Shade): boolean =>
  anyChosen ? cone === 'concurrent' : !isLitFlight(scope, message);
const isFaintMark = ({ events, cone }: EventMark, { anyChosen, scope }: Shade): boolean =>
  anyChosen ? cone === 'concurrent' : scope !== null && !events.some((event) => isLitEvent(scope, event));

/** Draws messages, and above them events, with a pen for each look. */
export function drawMarks(
  parts: Pick<SpaceTimeModel, 'marks' | 'messages' | 'through'>,
  shade: Shade,
  { x, y }: Pick<Geometry, 'x' | 'y'>,
  penOf: (look: Look) => Pen,
): void {
  const pens = new Map<string, Pen>();
  const take = (key: string, look: () => Omit<Look, 'key'>): Pen => {
    const known = pens.get(key);
    if (known !== undefined) return known;
    const pen = penOf({ key, ...look() });
    pens.set(key, pen);
    return pen;
  };
  for (const mark of parts.through) {
    const { message, last, from, to } = mark;
    const isFaint = isFaintMessage(mark, shade);
    const pen = take(isFaint ? 't faint' : 't', () => ({
      stroke: 'text-muted',
      fill: 'none',
      lineWidth: 1,
      isFaint,
      isDashed: true,
    }));
    pen.line(x(message.sentAt), y(from), x(last.arrivesAt), y(to));
  }
  const penOfMessage = (family: MessageFamily, isFaint: boolean): Pen =>
    take(isFaint ? `m ${family} faint` : `m ${family}`, () => ({
      stroke: glyphs[family].hue,
      fill: 'none',
      lineWidth: 1,
      isFaint,
      isDashed: false,
    }));
  // Which family lies above which is the same in every part of the drawing, and what is faint lies below.
  for (const isFaint of [true, false]) {
    const there = new Set<MessageFamily>();
    for (const mark of parts.messages)
      if (isFaintMessage(mark, shade) === isFaint) there.add(mark.message.label.family);
    for (const family of families) if (there.has(family)) penOfMessage(family, isFaint);
  }
  for (const mark of parts.messages) {
    const { message, from, to } = mark;
    const pen = penOfMessage(message.label.family, isFaintMessage(mark, shade));
    const [x2, y2] = [x(message.arrivesAt), y(to)];
    pen.line(x(message.sentAt), y(from), x2, y2);
    if (message.fate !== 'lost') continue;
    pen.line(x2 - 4, y2 - 4, x2 + 4, y2 + 4);
    pen.line(x2 + 4, y2 - 4, x2 - 4, y2 + 4);
  }
  // The chosen one stands above what happened in the same moment.
  for (const mark of [...parts.marks].sort((a, b) => Number(a.cone === 'self') - Number(b.cone === 'self'))) {
    const { cone } = mark;
    const isFaint = isFaintMark(mark, shade);
    const pen = take(isFaint ? `e ${cone} faint` : `e ${cone}`, () => ({
      stroke: cone === 'self' || cone === 'past' ? 'accent' : 'text',
      fill: cone === 'future' ? 'ground' : cone === 'past' ? 'tint' : 'stroke',
      lineWidth: 1.5,
      isFaint,
      isDashed: false,
    }));
    pen.circle(x(mark.at), y(mark.lane), markRadius(mark));
  }
}

export interface RelationShape {
  /** Where the second event stands, or null when its lane is hidden. */
  readonly other: readonly [x: number, y: number] | null;
  /** One shortest chain between the two, through the lanes that are shown; empty when they are concurrent. */
  readonly path: readonly (readonly [x: number, y: number])[];
}

export function relationShape(
  { relation, lanes }: Pick<SpaceTimeModel, 'relation' | 'lanes'>,
  { x, y }: Pick<Geometry, 'x' | 'y'>,
): RelationShape | null {
  if (relation === null) return null;
  const placeOf = (node: string, at: number): readonly [number, number] | null => {
    const lane = lanes.indexOf(node);
    return lane < 0 ? null : [x(at), y(lane)];
  };
  const path = relation.path.flatMap(({ node, at }) => {
    const place = placeOf(node, at);
    return place === null ? [] : [place];
  });
  return {
    other: placeOf(relation.other.node, relation.other.at),
    path: path.length > 1 ? path : [],
  };
}

/** px that a number of merged events needs. */
const numberRoom = 18;

/** Merged marks whose number is written: where several lie close, the one with most events. */
export function numberedMarks(marks: readonly EventMark[], x: (at: number) => number): readonly EventMark[] {
  const byLane = new Map<number, EventMark[]>();
  for (const mark of marks) {
    if (mark.events.length < 2) continue;
    const own = byLane.get(mark.lane);
    if (own === undefined) byLane.set(mark.lane, [mark]);
    else own.push(mark);
  }
  const outranks = (other: EventMark, mark: EventMark): boolean =>
    Math.abs(x(other.at) - x(mark.at)) < numberRoom &&
    (other.events.length > mark.events.length ||
      (other.events.length === mark.events.length && other.at < mark.at));
  return [...byLane.values()].flatMap((own) =>
    own.filter((mark) => !own.some((other) => other !== mark && outranks(other, mark))),
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;

export interface ShapePath extends Look {
  readonly d: string;
}

/** The same as SVG paths. */
export function spaceTimePaths(model: SpaceTimeModel, geometry: Geometry): readonly ShapePath[] {
  const drafts: { readonly look: Look; readonly parts: string[] }[] = [];
  drawMarks(model, shadeOf(model), geometry, (look) => {
    const parts: string[] = [];
    drafts.push({ look, parts });
    return {
      line: (x1, y1, x2, y2) => parts.push(`M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`),
      circle: (x, y, r) =>
        parts.push(`M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`),
    };
  });
  return drafts.map(({ look, parts }) => ({ ...look, d: parts.join('') }));
}

/** The mark under a point, or null: the nearest within 10 px. */
export function markAt(model: SpaceTimeModel, geometry: Geometry, x: number, y: number): EventMark | null {
  const lane = Math.floor((y - axisHeight) / geometry.pitch);
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
