// Round numbers for the ticks of an axis: of virtual time, of values.

/** The least number that people count by, 1, 2 or 5 times a power of ten, of at least this much. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5].map((digit) => digit * power).find((step) => step >= least) ?? 10 * power;
}

const rounding = 1e-9;

/** The multiples of a step in `[from, to]`. */
export function ticksBy(step: number, from: number, to: number): readonly number[] {
  // 0.3 / 0.1 is a little less than 3, and 3 × 0.1 a little more than 0.3.
  const first = Math.ceil(from / step - rounding);
  const count = Math.max(0, Math.floor(to / step + rounding) - first + 1);
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Round times in a stretch, µs, so many steps at most. */
export const timeTicks = (from: number, to: number, most: number): readonly number[] =>
  ticksBy(roundStep(Math.max(1, (to - from) / most)), Math.max(0, from), to);

/**
 * Where signs that stand at these places of a line, in order, are drawn: `apart` px from each other, none beyond `last`, each at its
 * own place where there is room. Of more than the line holds the first go before its beginning.
 */
export function setApart(places: readonly number[], apart: number, last: number): readonly number[] {
  const drawn = [...places];
  drawn.forEach((place, i) => {
    drawn[i] = Math.max(place, (drawn[i - 1] ?? Number.NEGATIVE_INFINITY) + apart);
  });
  let room = last;
  for (let i = drawn.length - 1; i >= 0; i--) {
    drawn[i] = Math.min(drawn[i] ?? room, room);
    room = (drawn[i] ?? room) - apart;
  }
  return drawn;
}
