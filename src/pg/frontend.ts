// Messages that a client sends, read from the bodies of their frames. A body that does not say what its type promises is `null`
// (08P01): nothing here throws at what a client sends.

import type { Frame } from './frames.ts';

export type StartupMessage =
  | { readonly kind: 'ssl' | 'gss' }
  | { readonly kind: 'cancel'; readonly processId: number; readonly secret: number }
  | {
      readonly kind: 'start';
      readonly major: number;
      readonly minor: number;
      readonly parameters: ReadonlyMap<string, string>;
    };

/** 0: text, 1: binary. */
export type Format = 0 | 1;

export type FrontendMessage =
  | { readonly kind: 'query'; readonly text: string }
  /** `types`: object ids of the parameters' types; 0 leaves one to the server. */
  | {
      readonly kind: 'parse';
      readonly name: string;
      readonly text: string;
      readonly types: readonly number[];
    }
  | {
      readonly kind: 'bind';
      readonly portal: string;
      readonly statement: string;
      readonly paramFormats: readonly Format[];
      readonly params: readonly (Uint8Array | null)[];
      readonly resultFormats: readonly Format[];
    }
  | { readonly kind: 'describe' | 'close'; readonly what: 'statement' | 'portal'; readonly name: string }
  /** `limit` 0: all rows. */
  | { readonly kind: 'execute'; readonly portal: string; readonly limit: number }
  | { readonly kind: 'flush' }
  | { readonly kind: 'sync' }
  | { readonly kind: 'copyDone' }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'copyData'; readonly data: Uint8Array }
  | { readonly kind: 'copyFail'; readonly reason: string };

const CANCEL_CODE = 80_877_102;
const SSL_CODE = 80_877_103;
const GSS_CODE = 80_877_104;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8, or null. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The body does not hold what it should. */
class BadBody extends Error {}

/** A body being read from its beginning. */
class Body {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  get left(): number {
    return this.bytes.length - this.at;
  }
  private take(count: number): number {
    if (count < 0 || count > this.left) throw new BadBody();
    this.at += count;
    return this.at - count;
  }
  uint8(): number {
    return this.view.getUint8(this.take(1));
  }
  uint16(): number {
    return this.view.getUint16(this.take(2));
  }
  int32(): number {
    return this.view.getInt32(this.take(4));
  }
  uint32(): number {
    return this.view.getUint32(this.take(4));
  }
  part(count: number): Uint8Array {
    const from = this.take(count);
    return this.bytes.subarray(from, from + count);
  }
  /** Up to a zero byte. */
  string(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new BadBody();
    const text = textOf(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    if (text === null) throw new BadBody();
    return text;
  }
  /** So many items; each takes at least `least` bytes, so no count is believed that the body has no room for. */
  list<T>(count: number, least: number, read: () => T): readonly T[] {
    if (count * least > this.left) throw new BadBody();
    return Array.from({ length: count }, read);
  }
  rest(): Uint8Array {
    return this.part(this.left);
  }
}

function readingOf<T>(bytes: Uint8Array, read: (body: Body) => T): T | null {
  try {
    const body = new Body(bytes);
    const message = read(body);
    return body.left === 0 ? message : null;
  } catch (error) {
    if (error instanceof BadBody) return null;
    throw error;
  }
}

export const readStartup = (bytes: Uint8Array): StartupMessage | null =>
  readingOf(bytes, (body): StartupMessage => {
    const code = body.uint32();
    if (code === SSL_CODE) return { kind: 'ssl' };
    if (code === GSS_CODE) return { kind: 'gss' };
    if (code === CANCEL_CODE) return { kind: 'cancel', processId: body.uint32(), secret: body.uint32() };
    const parameters = new Map<string, string>();
    for (let name = body.string(); name !== ''; name = body.string()) parameters.set(name, body.string());
    return { kind: 'start', major: code >>> 16, minor: code & 0xffff, parameters };
  });

/** Null: damaged. Throws for no bytes; a type that the protocol does not have is null as well. */
export const readMessage = ({ type, body }: Frame): FrontendMessage | null =>
  readingOf(body, (b) => read(type, b));

function read(type: string, body: Body): FrontendMessage {
  switch (type) {
    case 'Q':
      return { kind: 'query', text: body.string() };
    case 'P':
      return {
        kind: 'parse',
        name: body.string(),
        text: body.string(),
        types: body.list(body.uint16(), 4, () => body.uint32()),
      };
    case 'B':
      return readBind(body);
    case 'D':
      return { kind: 'describe', ...readTarget(body) };
    case 'C':
      return { kind: 'close', ...readTarget(body) };
    case 'E':
      return { kind: 'execute', portal: body.string(), limit: Math.max(0, body.int32()) };
    case 'H':
      return { kind: 'flush' };
    case 'S':
      return { kind: 'sync' };
    case 'd':
      return { kind: 'copyData', data: body.rest() };
    case 'c':
      return { kind: 'copyDone' };
    case 'f':
      return { kind: 'copyFail', reason: body.string() };
    case 'X':
      return { kind: 'terminate' };
    default:
      throw new BadBody();
  }
}

function readBind(body: Body): FrontendMessage {
  const portal = body.string();
  const statement = body.string();
  const paramFormats = readFormats(body);
  const params = body.list(body.uint16(), 4, () => {
    const length = body.int32();
    return length === -1 ? null : body.part(length);
  });
  return { kind: 'bind', portal, statement, paramFormats, params, resultFormats: readFormats(body) };
}

const readFormats = (body: Body): readonly Format[] =>
  body.list(body.uint16(), 2, () => {
    const format = body.uint16();
    if (format !== 0 && format !== 1) throw new BadBody();
    return format;
  });

function readTarget(body: Body): { readonly what: 'statement' | 'portal'; readonly name: string } {
  const what = String.fromCharCode(body.uint8());
  if (what !== 'S' && what !== 'P') throw new BadBody();
  return { what: what === 'S' ? 'statement' : 'portal', name: body.string() };
}

/** The format of item `i`: none said is text, one said is that of all. */
export const formatAt = (formats: readonly Format[], i: number): Format =>
  formats.length === 1 ? (formats[0] ?? 0) : (formats[i] ?? 0);
