// exp, ln, sin, cos and atan in whole numbers, to any number of binary digits, so that a last digit is the same on every machine: Math.*
// may differ. A fixed-point number is a bigint with `p` binary digits behind its point; its last few digits are not exact.

/** m × 2^e. */
export interface Scaled {
  readonly m: bigint;
  readonly e: number;
}

/** Digits that are lost on the way. */
const GUARD = 64;

export const bitsOf = (m: bigint): number => {
  const text = (m < 0n ? -m : m).toString(16);
  return m === 0n ? 0 : text.length * 4 - Math.clz32(Number.parseInt(text.charAt(0), 16)) + 28;
};

const shifted = (m: bigint, by: number): bigint => (by >= 0 ? m << BigInt(by) : m >> BigInt(-by));

/** As a fixed-point number. */
export const fixedOf = ({ m, e }: Scaled, p: number): bigint => shifted(m, e + p);

/** Largest integer whose square is not above `value`, by Newton's method from above. */
export function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(value.toString(16).length * 2 + 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Σ ± z^(2i+1) / (2i+1): atanh, and atan where the signs change. */
function arcSeries(z: bigint, p: number, alternates: boolean): bigint {
  const square = (z * z) >> BigInt(p);
  let power = z;
  let sum = 0n;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = (power * square) >> BigInt(p);
    if (alternates) power = -power;
  }
  return sum;
}

const ln2 = (p: number): bigint => 2n * arcSeries((1n << BigInt(p)) / 3n, p, false);

export function pi(p: number): bigint {
  const one = 1n << BigInt(p + GUARD);
  const sum = 16n * arcSeries(one / 5n, p + GUARD, true) - 4n * arcSeries(one / 239n, p + GUARD, true);
  return sum >> BigInt(GUARD);
}

/** e^x, with about `p` significant digits; |x| below 2^32. */
export function exp(x: bigint, p: number): Scaled {
  const halvings = 16;
  const w = p + GUARD;
  const unit = ln2(w);
  const k = (x << BigInt(GUARD)) / unit;
  const r = ((x << BigInt(GUARD)) - k * unit) >> BigInt(halvings);
  const one = 1n << BigInt(w);
  let term = one;
  let sum = one;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = ((term * r) >> BigInt(w)) / n;
    sum += term;
  }
  for (let i = 0; i < halvings; i++) sum = (sum * sum) >> BigInt(w);
  return { m: sum, e: Number(k) - w };
}

/** The natural logarithm of a positive number. */
export function ln({ m, e }: Scaled, p: number): bigint {
  const w = p + GUARD;
  const one = 1n << BigInt(w);
  let k = bitsOf(m);
  let f = shifted(m, w - k);
  if (f * f < one << BigInt(w - 1)) {
    f *= 2n;
    k -= 1;
  }
  const z = ((f - one) << BigInt(w)) / (f + one);
  return (BigInt(k + e) * ln2(w) + 2n * arcSeries(z, w, false)) >> BigInt(GUARD);
}

/** Of an angle of any size. */
export function sinAndCos(x: bigint, p: number): { readonly sin: bigint; readonly cos: bigint } {
  const w = p + GUARD + Math.max(0, bitsOf(x) - p);
  const wide = x << BigInt(w - p);
  const quarter = pi(w) >> 1n;
  const turns = (2n * wide + quarter) / (2n * quarter) - (2n * wide + quarter < 0n ? 1n : 0n);
  const r = wide - turns * quarter;
  const square = (r * r) >> BigInt(w);
  const series = (first: bigint, from: bigint): bigint => {
    let term = first;
    let sum = first;
    for (let n = from; term !== 0n && term !== -1n; n += 2n) {
      term = -((term * square) >> BigInt(w)) / (n * (n + 1n));
      sum += term;
    }
    return sum >> BigInt(w - p);
  };
  const s = series(r, 2n);
  const c = series(1n << BigInt(w), 1n);
  const quadrant = ((turns % 4n) + 4n) % 4n;
  if (quadrant === 0n) return { sin: s, cos: c };
  if (quadrant === 1n) return { sin: c, cos: -s };
  return quadrant === 2n ? { sin: -s, cos: -c } : { sin: -c, cos: s };
}

/** The angle of the point (x, y), from −π to π. */
export function angleOf(y: bigint, x: bigint, p: number): bigint {
  const w = p + GUARD;
  const [up, along] = [y < 0n ? -y : y, x < 0n ? -x : x];
  if (up === 0n && along === 0n) return 0n;
  const isSteep = up > along;
  const one = 1n << BigInt(w);
  let z = isSteep ? (along << BigInt(w)) / up : (up << BigInt(w)) / along;
  const halvings = 3;
  for (let i = 0; i < halvings; i++) z = (z << BigInt(w)) / (one + integerRoot((one << BigInt(w)) + z * z));
  let angle = arcSeries(z, w, true) << BigInt(halvings);
  const half = pi(w) >> 1n;
  if (isSteep) angle = half - angle;
  if (x < 0n) angle = 2n * half - angle;
  return (y < 0n ? -angle : angle) >> BigInt(GUARD);
}
