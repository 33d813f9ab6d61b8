// Faults and phases behind the lines of a chart, and the moment shown over them, on its canvas.

import type uPlot from 'uplot';
import { frameStore } from '../../../state/frame-store.ts';
import type { Band, PhaseKind } from './phases.ts';

/** A phase is marked by more than a colour. */
const letters: Readonly<Record<PhaseKind, string>> = {
  recovery: 'R',
  move: 'M',
  restore: 'P',
  noQuorum: 'Q',
  outage: 'O',
};

/** px between the lines of a hatch, and of a letter. */
const hatchStep = 7;
const letterPx = 11;

/** Where a virtual time stands, px of the canvas; the nearest edge for what lies outside. */
export const placeOf = (chart: uPlot, us: number): number =>
  Math.min(
    chart.bbox.left + chart.bbox.width,
    Math.max(chart.bbox.left, chart.valToPos(us / 1000, 'x', true)),
  );

/** `[from, to)` of a band in px, at least two wide; null where it is out of sight. */
function spanOf(chart: uPlot, { from, to }: Band, now: number): readonly [number, number] | null {
  const { left, width } = chart.bbox;
  const [begin, end] = [placeOf(chart, from), placeOf(chart, to ?? now)];
  return end <= left || begin >= left + width ? null : [begin, Math.max(begin + 2, end)];
}

function drawFault(chart: uPlot, [from, to]: readonly [number, number], hasEnd: boolean): void {
  const { ctx, bbox } = chart;
  ctx.globalAlpha = 0.1;
  ctx.fillRect(from, bbox.top, to - from, bbox.height);
  // Its beginning, and its end once it has one: the lines of the chart stay what the eye sees first.
  ctx.globalAlpha = 0.7;
  ctx.fillRect(from, bbox.top, 1, bbox.height);
  if (hasEnd) ctx.fillRect(to, bbox.top, 1, bbox.height);
}

function drawPhase(chart: uPlot, [from, to]: readonly [number, number], letter: string): void {
  const { ctx, bbox } = chart;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, bbox.top, to - from, bbox.height);
  ctx.clip();
  ctx.globalAlpha = 0.35;
  ctx.lineWidth = scale;
  ctx.beginPath();
  for (let x = from - bbox.height; x < to; x += hatchStep * scale) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
  ctx.globalAlpha = 1;
  ctx.font = `600 ${letterPx * scale}px sans-serif`;
  ctx.textBaseline = 'top';
  ctx.fillText(letter, from + 2 * scale, bbox.top + scale);
}

interface Colours {
  readonly fault: string;
  readonly phase: string;
  readonly head: string;
}

/** Bands and playhead. */
export function drawTime(chart: uPlot, bands: readonly Band[], colours: Colours): void {
  const { frame } = frameStore.getState();
  if (frame === null) return;
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.setLineDash([]);
  for (const band of bands) {
    const span = spanOf(chart, band, frame.time);
    if (span === null) continue;
    if (band.kind === 'fault') {
      ctx.fillStyle = colours.fault;
      drawFault(chart, span, band.to !== null);
    } else {
      ctx.fillStyle = colours.phase;
      ctx.strokeStyle = colours.phase;
      drawPhase(chart, span, letters[band.kind]);
    }
    ctx.globalAlpha = 1;
  }
  ctx.strokeStyle = colours.head;
  ctx.lineWidth = 2;
  const x = placeOf(chart, frame.time);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
