// Text forms of uuid and bytea, and encode and decode between bytes and text.

import { asciiLower } from './ascii.ts';
import { fail, NOWHERE } from './failure.ts';

/** Digits in pairs, with a hyphen after any group of four, or in braces: what uuid_in takes. */
const UUID = /^(?:\{(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}\}|(?:[0-9a-f]{4}-?){7}[0-9a-f]{4})$/i;

export function parseUuid(text: string, at: number): string {
  if (!UUID.test(text)) fail('22P02', `invalid input syntax for type uuid: "${text}"`, at);
  return hyphenated(asciiLower(text.replace(/[{}-]/g, '')));
}

/** 32 digits as a UUID is written. */
export const hyphenated = (digits: string): string =>
  [0, 8, 12, 16, 20].map((from, i, all) => digits.slice(from, all[i + 1] ?? 32)).join('-');

const SPACE = /[ \t\n\r\f\v]/;

const hexByte = (byte: number): string => (byte < 16 ? `0${byte.toString(16)}` : byte.toString(16));

/** byteain: `\x` and digits, or the older form with `\\` and octal numbers. */
export function parseBytea(text: string, at: number): string {
  if (text.startsWith('\\x')) return readHex(text.slice(2), at);
  return readEscaped(text, 'invalid input syntax for type bytea', at);
}

function readHex(digits: string, at: number): string {
  let hex = '';
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charAt(i);
    if (SPACE.test(digit)) continue;
    const next = digits.charAt(i + 1);
    if (!isHex(digit)) fail('22023', `invalid hexadecimal digit: "${characterAt(digits, i)}"`, at);
    if (next === '') fail('22023', 'invalid hexadecimal data: odd number of digits', at);
    if (!isHex(next)) fail('22023', `invalid hexadecimal digit: "${characterAt(digits, i + 1)}"`, at);
    hex += digit + next;
    i += 1;
  }
  return asciiLower(hex);
}

const isHex = (c: string): boolean => /^[0-9a-fA-F]$/.test(c);
const characterAt = (text: string, i: number): string => String.fromCodePoint(text.codePointAt(i) ?? 0);

function readEscaped(text: string, message: string, at: number): string {
  let hex = '';
  for (let i = 0; i < text.length; ) {
    const c = text.charAt(i);
    if (c !== '\\') {
      const whole = characterAt(text, i);
      for (const byte of encoder.encode(whole)) hex += hexByte(byte);
      i += whole.length;
      continue;
    }
    const octal = /^\\([0-3][0-7][0-7])/.exec(text.slice(i, i + 4));
    if (octal !== null) {
      hex += hexByte(Number.parseInt(octal[1] ?? '', 8));
      i += 4;
    } else if (text.charAt(i + 1) === '\\') {
      hex += '5c';
      i += 2;
    } else fail('22P02', message, at);
  }
  return hex;
}

const encoder = new TextEncoder();

export const bytesOfHex = (hex: string): Uint8Array => {
  const bytes = new Uint8Array(hex.length >>> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
};

export function hexOfBytes(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += hexByte(byte);
  return hex;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Characters of a line of base64. */
const LINE = 76;

export function encodeBytes(hex: string, format: string): string {
  switch (asciiLower(format)) {
    case 'hex':
      return hex;
    case 'base64':
      return toBase64(bytesOfHex(hex));
    case 'escape': {
      let text = '';
      for (const byte of bytesOfHex(hex)) {
        if (byte === 0 || byte >= 0x80) text += `\\${byte.toString(8).padStart(3, '0')}`;
        else text += byte === 0x5c ? '\\\\' : String.fromCharCode(byte);
      }
      return text;
    }
    default:
      return noEncoding(format);
  }
}

export function decodeBytes(text: string, format: string): string {
  switch (asciiLower(format)) {
    case 'hex':
      return readHex(text, NOWHERE);
    case 'base64':
      return fromBase64(text);
    case 'escape':
      return readEscaped(text, 'invalid input syntax for type bytea', NOWHERE);
    default:
      return noEncoding(format);
  }
}

const noEncoding = (format: string): never => fail('22023', `unrecognized encoding: "${format}"`);

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const rest = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digit = (shift: number): string => BASE64.charAt((word >>> shift) & 63);
    text += digit(18) + digit(12) + (rest > 1 ? digit(6) : '=') + (rest > 2 ? digit(0) : '=');
  }
  return text.replace(new RegExp(`(.{${LINE}})(?=.)`, 'g'), '$1\n');
}

function fromBase64(text: string): string {
  let hex = '';
  let word = 0;
  let count = 0;
  let padding = 0;
  for (const c of text) {
    if (/[ \t\n\r]/.test(c)) continue;
    const value = c === '=' ? 0 : BASE64.indexOf(c);
    if (c === '=') {
      if (count < 2) fail('22023', 'unexpected "=" while decoding base64 sequence');
      padding += 1;
    } else if (value < 0 || padding > 0)
      fail('22023', `invalid symbol "${c}" found while decoding base64 sequence`);
    word = (word << 6) | value;
    count += 1;
    if (count < 4) continue;
    for (let i = 0; i < 3 - padding; i++) hex += hexByte((word >>> (16 - 8 * i)) & 0xff);
    word = 0;
    count = 0;
  }
  if (count > 0) fail('22023', 'invalid base64 end sequence');
  return hex;
}
