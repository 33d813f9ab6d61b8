// Names of a message in flight: on the canvas (`W g2 126–128`), in the list (`W 112 rw-1 to store-3`) and in menus.

import type { FlightView } from '../../sim/types.ts';
import { spanText } from '../kit/format.ts';
import { glyphs } from './glyph-shapes.ts';

/** What a name needs: the same for a message in flight and one of the past. */
type Named = Pick<FlightView, 'label' | 'from' | 'to'>;

/** Letter of its family; a heartbeat has none and is named `beat`. */
export const flightLetter = (flight: Pick<FlightView, 'label'>): string =>
  glyphs[flight.label.family].letter || 'beat';

/** Label beside the glyph: its group and LSNs; of an ack the SCL that it reports. */
export function flightLabel(flight: FlightView): string {
  const { group, range, family, kind } = flight.label;
  const parts = [flightLetter(flight)];
  if (group !== null) parts.push(group);
  if (range === null) {
    if (family !== 'sqlRequest' && family !== 'sqlReply') parts.push(kind);
  } else if (family === 'ack') parts.push('scl', String(range[0]));
  else parts.push(spanText(range[0], range[1]));
  return parts.join(' ');
}

/** Name in the list and in menus. */
export function flightName(flight: Named, to: string): string {
  const { range, kind } = flight.label;
  const what = range === null ? kind : spanText(range[0], range[1]);
  return `${flightLetter(flight)} ${what} ${flight.from} ${to} ${flight.to}`;
}

export const isHeartbeat = (flight: FlightView): boolean => flight.label.family === 'heartbeat';
