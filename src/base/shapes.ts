// Plain objects by the list of their keys. An object that is built key by key has another hidden class than the literal
// with the same keys, and with more than some sixteen keys it even becomes a hash table: code that has met both runs a
// third slower. Parsed JSON shares the literal's class, so copies and decoded objects begin as parsed blanks.

/** A list of keys in their order. */
export interface Shape {
  readonly keys: readonly string[];
  /** A blank as JSON, or null when there are too many shapes to keep blanks of each. */
  readonly json: string | null;
  /** Blanks that nobody has taken yet. */
  readonly blanks: Record<string, unknown>[];
  /** How many the next parse makes: one of a kind costs one, many cost little each. */
  batch: number;
}

/** Shapes kept: the program has some hundreds. Objects whose keys are data may have any number; theirs are plain. */
const MAX_SHAPES = 4096;
const MAX_BATCH = 64;

/** By number of keys and first key; within it the one used last comes first. */
const known: Map<string, Shape[]>[] = [];
let count = 0;

const isOf = ({ keys }: Shape, wanted: readonly string[]): boolean => {
  for (let i = wanted.length - 1; i >= 0; i--) if (keys[i] !== wanted[i]) return false;
  return true;
};

/** The shape with these keys. `sample` has values of the kinds that they usually have; it is looked at the first time. */
export function shapeOf(keys: readonly string[], sample: Readonly<Record<string, unknown>> | null): Shape {
  const first = keys[0] ?? '';
  let byFirst = known[keys.length];
  if (byFirst === undefined) {
    byFirst = new Map();
    known[keys.length] = byFirst;
  }
  const alike = byFirst.get(first);
  if (alike !== undefined) {
    for (let i = 0; i < alike.length; i++) {
      const shape = alike[i] as Shape;
      if (!isOf(shape, keys)) continue;
      if (i > 0) {
        alike[i] = alike[0] as Shape;
        alike[0] = shape;
      }
      return shape;
    }
  }
  const shape: Shape = { keys, json: count < MAX_SHAPES ? jsonOf(keys, sample) : null, blanks: [], batch: 1 };
  if (count >= MAX_SHAPES) return shape;
  count++;
  if (alike === undefined) byFirst.set(first, [shape]);
  else alike.push(shape);
  return shape;
}

function jsonOf(keys: readonly string[], sample: Readonly<Record<string, unknown>> | null): string {
  const fields = keys.map((key) => {
    const value = sample?.[key];
    const kind = typeof value === 'number' ? '0' : typeof value === 'string' ? '""' : 'null';
    return `${JSON.stringify(key)}:${kind}`;
  });
  return `{${fields.join(',')}}`;
}

/** A new object that has every key; its values are to be set by the caller. */
export function blankOf(shape: Shape): Record<string, unknown> {
  const blank = shape.blanks.pop();
  if (blank !== undefined) return blank;
  if (shape.json === null) return {};
  const { json, batch } = shape;
  if (batch === 1) {
    shape.batch = 4;
    return JSON.parse(json) as Record<string, unknown>;
  }
  const more = JSON.parse(`[${new Array<string>(batch).fill(json).join(',')}]`) as Record<string, unknown>[];
  const last = more.pop() as Record<string, unknown>;
  for (const one of more) shape.blanks.push(one);
  shape.batch = Math.min(MAX_BATCH, batch * 2);
  return last;
}
