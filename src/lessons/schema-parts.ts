// Parts of the schemas of lessons and of assignments: fields that both have are read, and described to an editor, alike.

import * as v from 'valibot';

export const PART_LIMITS = { text: 2_000, line: 64 * 1024, steps: 20_000 } as const;

/** An editor shows what a field is for. */
export const about = <S extends v.GenericSchema>(of: S, description: string) =>
  v.pipe(of, v.description(description));

export const text = v.pipe(v.string(), v.maxLength(PART_LIMITS.text));
export const listOf =
  (most: number) =>
  <S extends v.GenericSchema>(of: S) =>
    v.pipe(v.array(of), v.maxLength(most));
export const whole = v.pipe(v.number(), v.safeInteger());
/** Words, or a column of results, are found by it. */
export const name = v.pipe(
  text,
  v.regex(/^[A-Za-z0-9][\w.-]*$/, 'an id has letters, digits, points and dashes only'),
);
/** Of a tape or of a cluster. */
export const lines = v.pipe(
  v.array(
    v.pipe(v.string(), v.maxLength(PART_LIMITS.line), v.regex(/^[^\n]*$/, 'a line of a tape is one line')),
  ),
  v.maxLength(PART_LIMITS.steps),
);

/** The name of a preset, or the lines of a cluster (docs/spec/presets.md). */
export const clusterField = v.union([v.pipe(v.string(), v.maxLength(PART_LIMITS.line)), lines]);
/** As `clusterSaid` reads it. */
export const saidOf = (written: v.InferOutput<typeof clusterField>): string =>
  typeof written === 'string' ? written : `${written.join('\n')}\n`;
