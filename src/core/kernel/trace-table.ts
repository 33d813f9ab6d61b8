// Events that a person might point at, as tables: kind → tag, rank and fields. Each room of core owns the table of its
// events, a stack those of its own roles. Types, binary form (for the running hashes) and the list of kinds come from them.
// Tag: the number of the kind in the binary form, fixed for ever, never its place in a list.
// Rank: 0 no effect, 1 ordinary, 2 meaningful, 3 a milestone.

/** `end`: of a range `[first, end)`; its bytes name the last position of the range, as recorded traces have it. */
export type FieldType = 'int' | 'text' | 'bool' | 'ints' | 'end';

export interface TraceSpec {
  readonly tag: number;
  readonly rank: 0 | 1 | 2 | 3;
  readonly fields: Readonly<Record<string, FieldType>>;
}

/** An entry of a table; its fields are written in their order. */
export const event = <const F extends TraceSpec['fields']>(
  tag: number,
  rank: TraceSpec['rank'],
  fields: F,
) => ({ tag, rank, fields });

export type TraceTable = Readonly<Record<string, TraceSpec>>;

type FieldValue<T> = T extends 'int' | 'end'
  ? number
  : T extends 'bool'
    ? boolean
    : T extends 'ints'
      ? readonly number[]
      : string;
type FieldsOf<Spec> = Spec extends { readonly fields: infer Fields }
  ? { readonly [F in keyof Fields]: FieldValue<Fields[F]> }
  : never;

/** The events of a table, or of each of several. */
export type EventsOf<Table> = Table extends unknown
  ? { [K in keyof Table & string]: { readonly kind: K } & FieldsOf<Table[K]> }[keyof Table & string]
  : never;

/** The event that a role traces at a step of its protocol at which a crash can be aimed. */
export interface CrashPoint {
  readonly kind: string;
  readonly step?: string;
  /** No menu offers it. */
  readonly isUnlisted?: true;
}

/** Those of a role, by name. */
export type CrashPoints = Readonly<Record<string, CrashPoint>>;

/** Tables that stacks add, by declaration merging: `interface StackCrashPoints { toy: typeof toyCrashPoints }`. */
// biome-ignore lint/suspicious/noEmptyInterface: stacks extend it
export interface StackCrashPoints {}
