// What the page "Speed" measures, in which order, and how the window that is measured speaks of it.

/** In the order in which they are measured; `ms` of wall time, `/s`, or frames a second. */
export const measures = [
  { id: 'live', unit: 'ms' },
  { id: 'undo', unit: 'ms' },
  { id: 'commits64', unit: '/s' },
  { id: 'commits256', unit: '/s' },
  { id: 'pglite', unit: '/s' },
  { id: 'sharded', unit: 'ms' },
  { id: 'sharedDisk', unit: 'ms' },
  { id: 'frames', unit: 'fps' },
] as const;

export type MeasureId = (typeof measures)[number]['id'];

/** `worst`: the slowest of ten, or of a hundred frames the fifth longest, ms; null: measured once. `of`: what there was of it, where that matters. */
export interface Figure {
  readonly value: number;
  readonly worst: number | null;
  readonly of: number | null;
}

export type SpeedWord =
  | { readonly kind: 'begun'; readonly id: MeasureId }
  | { readonly kind: 'figure'; readonly id: MeasureId; readonly figure: Figure }
  /** One that cannot be measured here; the others are. */
  | { readonly kind: 'without'; readonly id: MeasureId; readonly error: string }
  /** `hidden`: a browser draws nothing of a window that nobody sees, and slows it. */
  | { readonly kind: 'failed'; readonly error: string; readonly isHidden: boolean }
  | { readonly kind: 'done' };

/** The lab that is measured; it is deleted before and after. */
export const SPEED_LAB = 'speed';
/** Of the channel between the page and the window. */
export const speedChannel = (run: string): string => `postdb-lab/speed/${run}`;
