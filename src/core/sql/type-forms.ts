// What the parts of the engine ask of a type whose values say what they are: its text form, the order of its values, and its
// binary format (the _send and _recv functions of PostgreSQL), which is how rows have those types that came later.

import type { DateValue, IntervalValue, JsonValue, Tagged, Timestamp, TimeValue, Value } from './access.ts';
import { bytesOfHex, hexOfBytes, hyphenated, parseBytea, parseUuid } from './bytes-form.ts';
import { DAY_MICROS, formatDate, formatTimestamp } from './datetime.ts';
import { parseDateTime } from './datetime-parse.ts';
import { INT4_MAX, INT4_MIN } from './integer-limits.ts';
import { lengthOf } from './interval.ts';
import { formatInterval, parseInterval } from './interval-form.ts';
import { formatJson, keyOfJson, parseJson } from './json.ts';
import { formatTime, parseTime } from './time-of-day.ts';

export interface TypeForm<V> {
  /** Of its text; 22P02 and the like, with the place of the literal. */
  readonly parse: (text: string, at: number) => V;
  readonly format: (value: V) => string;
  /** A number, bigint or text by which values of the type are ordered. */
  readonly order: (value: V) => Value;
  readonly toBytes: (value: V) => Uint8Array;
  /** Null: the bytes are no value's. Their number is right where the type has a size. */
  readonly fromBytes: (bytes: Uint8Array) => V | null;
}

const bytesWith = (size: number, put: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(size);
  put(new DataView(bytes.buffer));
  return bytes;
};
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const date: TypeForm<DateValue> = {
  parse: (text, at) => parseDateTime('date', text, at) as DateValue,
  format: formatDate,
  order: ({ days }) => days,
  toBytes: ({ days }) =>
    bytesWith(4, (view) => view.setInt32(0, Math.max(INT4_MIN, Math.min(INT4_MAX, days)))),
  fromBytes: (bytes) => {
    const days = viewOf(bytes).getInt32(0);
    if (days === INT4_MAX) return { kind: 'date', days: Number.POSITIVE_INFINITY };
    return { kind: 'date', days: days === INT4_MIN ? Number.NEGATIVE_INFINITY : days };
  },
};

const timestampForm = (kind: Timestamp['kind']): TypeForm<Timestamp> => ({
  parse: (text, at) => parseDateTime(kind, text, at) as Timestamp,
  format: formatTimestamp,
  order: ({ micros }) => micros,
  toBytes: ({ micros }) => bytesWith(8, (view) => view.setBigInt64(0, micros)),
  fromBytes: (bytes) => ({ kind, micros: viewOf(bytes).getBigInt64(0) }),
});

const time: TypeForm<TimeValue> = {
  parse: parseTime,
  format: formatTime,
  order: ({ micros }) => micros,
  toBytes: ({ micros }) => bytesWith(8, (view) => view.setBigInt64(0, micros)),
  fromBytes: (bytes) => {
    const micros = viewOf(bytes).getBigInt64(0);
    return micros < 0n || micros > DAY_MICROS ? null : { kind: 'time', micros };
  },
};

const interval: TypeForm<IntervalValue> = {
  parse: parseInterval,
  format: formatInterval,
  order: lengthOf,
  toBytes: ({ months, days, micros }) =>
    bytesWith(16, (view) => {
      view.setBigInt64(0, micros);
      view.setInt32(8, days);
      view.setInt32(12, months);
    }),
  fromBytes: (bytes) => {
    const view = viewOf(bytes);
    const [micros, days, months] = [view.getBigInt64(0), view.getInt32(8), view.getInt32(12)];
    return { kind: 'interval', months, days, micros };
  },
};

const uuid: TypeForm<Extract<Tagged, { kind: 'uuid' }>> = {
  parse: (text, at) => ({ kind: 'uuid', text: parseUuid(text, at) }),
  format: ({ text }) => text,
  order: ({ text }) => text,
  toBytes: ({ text }) => bytesOfHex(text.replaceAll('-', '')),
  fromBytes: (bytes) => ({ kind: 'uuid', text: hyphenated(hexOfBytes(bytes)) }),
};

const bytea: TypeForm<Extract<Tagged, { kind: 'bytea' }>> = {
  parse: (text, at) => ({ kind: 'bytea', hex: parseBytea(text, at) }),
  format: ({ hex }) => `\\x${hex}`,
  order: ({ hex }) => hex,
  toBytes: ({ hex }) => bytesOfHex(hex),
  fromBytes: (bytes) => ({ kind: 'bytea', hex: hexOfBytes(bytes) }),
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
const textIn = (bytes: Uint8Array): string | null => {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
};

const json: TypeForm<JsonValue> = {
  parse: (text, at) => {
    parseJson(text, at);
    return { kind: 'json', text };
  },
  format: ({ text }) => text,
  order: ({ text }) => text,
  toBytes: ({ text }) => encoder.encode(text),
  fromBytes: (bytes) => {
    const text = textIn(bytes);
    return text === null ? null : { kind: 'json', text };
  },
};

/** Before the text of a jsonb. */
const JSONB_VERSION = 1;

const jsonb: TypeForm<JsonValue> = {
  parse: (text, at) => ({ kind: 'jsonb', text: formatJson(parseJson(text, at), at) }),
  format: ({ text }) => text,
  order: ({ text }) => keyOfJson(parseJson(text)),
  toBytes: ({ text }) => {
    const bytes = encoder.encode(text);
    const all = new Uint8Array(bytes.length + 1);
    all[0] = JSONB_VERSION;
    all.set(bytes, 1);
    return all;
  },
  fromBytes: (bytes) => {
    const text = bytes[0] === JSONB_VERSION ? textIn(bytes.subarray(1)) : null;
    return text === null ? null : { kind: 'jsonb', text };
  },
};

const FORMS = {
  date,
  time,
  timestamp: timestampForm('timestamp'),
  timestamptz: timestampForm('timestamptz'),
  interval,
  json,
  jsonb,
  uuid,
  bytea,
};

export type FormedType = keyof typeof FORMS;
export type Formed = Extract<Tagged, { kind: FormedType }>;

export const hasForm = (type: string): type is FormedType => Object.hasOwn(FORMS, type);
export const formOf = (type: FormedType): TypeForm<Formed> => FORMS[type] as TypeForm<Formed>;
