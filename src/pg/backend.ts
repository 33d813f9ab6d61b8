// Messages that the server sends, as bytes: the other half of the protocol, chapter 55.7.

import type { TransactionStatus } from './transaction-status.ts';

/** Bytes of messages, in order; `takeOutput` empties it. */
export interface Output {
  bytes: Uint8Array;
  view: DataView;
  length: number;
}

export interface FieldDescription {
  readonly name: string;
  /** Object id of its type. */
  readonly typeId: number;
  /** Bytes of a value in memory; −1: it varies. */
  readonly size: number;
  /** Its length or precision; −1: none. */
  readonly typmod: number;
  readonly format: number;
}

/** An error or a notice; absent fields are not sent. */
export interface Report {
  readonly severity: 'ERROR' | 'FATAL' | 'NOTICE' | 'WARNING';
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** 1-based, in characters of what the client sent. */
  readonly position?: number | null;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  /** Which function of PostgreSQL's raises it: where a client goes by that. */
  readonly routine?: string;
}

const encoder = new TextEncoder();

export function makeOutput(): Output {
  const bytes = new Uint8Array(1024);
  return { bytes, view: new DataView(bytes.buffer), length: 0 };
}

/** What is to be sent, as bytes of its own. */
export function takeOutput(out: Output): Uint8Array {
  const taken = out.bytes.slice(0, out.length);
  out.length = 0;
  return taken;
}

/** Where so many bytes go. `bytes` and `view` may be others afterwards: they are looked up behind it. */
function reserve(out: Output, more: number): number {
  const at = out.length;
  out.length += more;
  if (out.length > out.bytes.length) {
    const grown = new Uint8Array(Math.max(out.length, out.bytes.length * 2));
    grown.set(out.bytes.subarray(0, at));
    out.bytes = grown;
    out.view = new DataView(grown.buffer);
  }
  return at;
}

const put8 = (out: Output, value: number): void => {
  const at = reserve(out, 1);
  out.view.setUint8(at, value);
};
const put16 = (out: Output, value: number): void => {
  const at = reserve(out, 2);
  out.view.setInt16(at, value);
};
const put32 = (out: Output, value: number): void => {
  const at = reserve(out, 4);
  out.view.setInt32(at, value);
};
const putBytes = (out: Output, bytes: Uint8Array): void => {
  const at = reserve(out, bytes.length);
  out.bytes.set(bytes, at);
};
function putText(out: Output, text: string): void {
  const at = reserve(out, text.length * 3);
  const { written } = encoder.encodeInto(text, out.bytes.subarray(at));
  out.length = at + written;
}
function putString(out: Output, text: string): void {
  putText(out, text.replaceAll('\0', ''));
  put8(out, 0);
}

/** A message: its length is filled in once its body is written. */
function message(out: Output, type: string, body: () => void = () => undefined): void {
  put8(out, type.charCodeAt(0));
  const at = reserve(out, 4);
  body();
  out.view.setInt32(at, out.length - at);
}

/** The answer to SSLRequest and GSSENCRequest: neither is spoken. */
export const sendNo = (out: Output): void => put8(out, 'N'.charCodeAt(0));

export const sendAuthenticationOk = (out: Output): void => message(out, 'R', () => put32(out, 0));

/** A newer minor version or options (`_pq_.…`) were asked for that are not there. */
export const sendNegotiateVersion = (out: Output, unknown: readonly string[]): void =>
  message(out, 'v', () => {
    put32(out, 0);
    put32(out, unknown.length);
    for (const name of unknown) putString(out, name);
  });

export const sendParameter = (out: Output, name: string, value: string): void =>
  message(out, 'S', () => {
    putString(out, name);
    putString(out, value);
  });

export const sendKeyData = (out: Output, processId: number, secret: number): void =>
  message(out, 'K', () => {
    put32(out, processId);
    put32(out, secret);
  });

export const sendReady = (out: Output, status: TransactionStatus): void =>
  message(out, 'Z', () => put8(out, status.charCodeAt(0)));

export const sendParseComplete = (out: Output): void => message(out, '1');
export const sendBindComplete = (out: Output): void => message(out, '2');
export const sendCloseComplete = (out: Output): void => message(out, '3');
export const sendNoData = (out: Output): void => message(out, 'n');
export const sendPortalSuspended = (out: Output): void => message(out, 's');
export const sendEmptyQuery = (out: Output): void => message(out, 'I');
export const sendCopyDone = (out: Output): void => message(out, 'c');

export const sendComplete = (out: Output, tag: string): void => message(out, 'C', () => putString(out, tag));

export const sendParameterDescription = (out: Output, typeIds: readonly number[]): void =>
  message(out, 't', () => {
    put16(out, typeIds.length);
    for (const id of typeIds) put32(out, id);
  });

export const sendRowDescription = (out: Output, fields: readonly FieldDescription[]): void =>
  message(out, 'T', () => {
    put16(out, fields.length);
    for (const { name, typeId, size, typmod, format } of fields) {
      putString(out, name);
      put32(out, 0); // the table and the column that it is of are not said
      put16(out, 0);
      put32(out, typeId);
      put16(out, size);
      put32(out, typmod);
      put16(out, format);
    }
  });

export const sendNotification = (out: Output, processId: number, channel: string, payload: string): void =>
  message(out, 'A', () => {
    put32(out, processId);
    putString(out, channel);
    putString(out, payload);
  });

/** Values in the form that they are sent in: text, or bytes of the binary format. */
export const sendDataRow = (out: Output, values: readonly (string | Uint8Array | null)[]): void =>
  message(out, 'D', () => {
    put16(out, values.length);
    for (const value of values) {
      const at = reserve(out, 4);
      if (typeof value === 'string') putText(out, value);
      else if (value !== null) putBytes(out, value);
      out.view.setInt32(at, value === null ? -1 : out.length - at - 4);
    }
  });

/** COPY begins; `format` 1: in binary. */
export const sendCopyResponse = (
  out: Output,
  direction: 'in' | 'out',
  columns: number,
  format: 0 | 1 = 0,
): void =>
  message(out, direction === 'in' ? 'G' : 'H', () => {
    put8(out, format);
    put16(out, columns);
    for (let i = 0; i < columns; i++) put16(out, format);
  });

export const sendCopyBytes = (out: Output, bytes: Uint8Array): void =>
  message(out, 'd', () => putBytes(out, bytes));

export const sendCopyLine = (out: Output, line: string): void =>
  message(out, 'd', () => {
    putText(out, line);
    put8(out, 10);
  });

export function sendReport(out: Output, report: Report): void {
  const isError = report.severity === 'ERROR' || report.severity === 'FATAL';
  const fields: readonly (readonly [string, string | number | null | undefined])[] = [
    ['S', report.severity],
    ['V', report.severity],
    ['C', report.sqlstate],
    ['M', report.message],
    ['D', report.detail],
    ['H', report.hint],
    ['P', report.position],
    ['s', report.schema],
    ['t', report.table],
    ['c', report.column],
    ['n', report.constraint],
    ['R', report.routine],
  ];
  message(out, isError ? 'E' : 'N', () => {
    for (const [code, value] of fields) {
      if (value === undefined || value === null) continue;
      put8(out, code.charCodeAt(0));
      putString(out, String(value));
    }
    put8(out, 0);
  });
}
