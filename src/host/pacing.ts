// Virtual time against the wall. The speed is a matter of view: it decides when a window may be released, never what
// happens in it. When the machine cannot keep up, or the tab was hidden, the lag is forgotten instead of made good.

/** Lag after which the two clocks are tied anew, wall ms. */
const LAG_LIMIT_MS = 250;

export interface Pacing {
  /** Virtual µs per wall second; null is as fast as possible. */
  speed: number | null;
  baseVirtual: number;
  baseWallMs: number;
}

export const makePacing = (): Pacing => ({ speed: null, baseVirtual: 0, baseWallMs: 0 });

/** Ties virtual time `virtual` to this instant of the wall. */
export function tie(pacing: Pacing, virtual: number, wallMs: number): void {
  pacing.baseVirtual = virtual;
  pacing.baseWallMs = wallMs;
}

/** Virtual time that may be shown at this wall instant. */
export function allowedUntil(pacing: Pacing, virtual: number, wallMs: number): number {
  if (pacing.speed === null) return Number.MAX_SAFE_INTEGER;
  const allowed = pacing.baseVirtual + ((wallMs - pacing.baseWallMs) * pacing.speed) / 1000;
  const lag = allowed - virtual;
  if (lag > (pacing.speed * LAG_LIMIT_MS) / 1000) {
    tie(pacing, virtual, wallMs);
    return virtual + 1;
  }
  return Math.floor(allowed);
}
