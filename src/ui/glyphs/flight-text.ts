// How a message in flight is named: on the canvas (`W g2 126–128`), in the list (`W 112 rw-1 to store-3`) and in menus.

import type { FlightView } from '../../sim/types.ts';
import { spanText } from '../kit/format.ts';
import { glyphs } from './glyph-shapes.ts';

/** Letter of its family; a heartbeat has none and is named `beat`. */
export const flightLetter = (flight: FlightView): string => glyphs[flight.label.family].letter || 'beat';

const isWatermark = (flight: FlightView): boolean => flight.label.family === 'ack';

/** Label beside the glyph. An ack names the SCL it reports, a message about a range the LSNs in it. */
export function flightLabel(flight: FlightView): string {
  const { group, range, family, kind } = flight.label;
  const parts = [flightLetter(flight)];
  if (group !== null) parts.push(group);
  if (range !== null) parts.push(spanText(range[0], range[1]));
  else if (family !== 'ack' || group === null) parts.push(kind);
  return parts.join(' ');
}

/** Name in the list and in menus. */
export function flightName(flight: FlightView, to: string): string {
  const { range, kind } = flight.label;
  const what = range === null ? kind : spanText(range[0], range[1]);
  return `${flightLetter(flight)} ${what} ${flight.from} ${to} ${flight.to}`;
}

export const isHeartbeat = (flight: FlightView): boolean =>
  flight.label.family === 'heartbeat' || (isWatermark(flight) && flight.label.kind === 'heartbeat');
