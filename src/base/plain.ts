// Plain data: what node state is made of (objects, arrays, Maps, Sets, byte arrays, numbers, strings, booleans,
// bigint, null, undefined). Here: a clone that shares bytes, and a digest of any such value.

import { AssertionError } from './assert.ts';
import { type Hash, hashBytes, hashHex, hashNumber, hashText, makeHash } from './hash.ts';
import { disownAll } from './owned-bytes.ts';
import { blankOf, shapeOf } from './shapes.ts';

/**
 * A deep copy that shares `Uint8Array`s (never changed once they are shared) and copies every other typed array.
 * Anything that is not plain data (a function, a class instance, a promise) is a programmer's error.
 */
export function clonePlain<T>(value: T): T {
  disownAll();
  return clone(value) as T;
}

function clone(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new AssertionError('a function inside plain data');
    return value;
  }
  if (Array.isArray(value)) {
    const copy = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) copy[i] = clone(value[i]);
    return copy;
  }
  if (value instanceof Uint8Array) return value;
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    for (const [key, item] of value) copy.set(clone(key), clone(item));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    for (const item of value) copy.add(clone(item));
    return copy;
  }
  if (value instanceof Float64Array || value instanceof Int32Array || value instanceof Uint32Array)
    return value.slice();
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new AssertionError('a class instance inside plain data');
  const source = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(source);
  const copy = blankOf(shapeOf(keys, source));
  for (const key of keys) copy[key] = clone(source[key]);
  return copy;
}

/**
 * Hex digest of a plain value. Objects are hashed by sorted key (two code paths may build one in different order);
 * Maps and Sets in their insertion order, which is protocol state and must agree as well.
 */
export function digestPlain(value: unknown): string {
  const h = makeHash();
  mix(h, value);
  return hashHex(h);
}

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

function mix(h: Hash, value: unknown): void {
  switch (typeof value) {
    case 'number':
      if (Number.isSafeInteger(value)) {
        hashNumber(h, value);
      } else {
        float[0] = value;
        hashNumber(h, words[0] as number);
        hashNumber(h, words[1] as number);
      }
      return;
    case 'string':
      hashText(h, value);
      return;
    case 'boolean':
      hashNumber(h, value ? 3 : 5);
      return;
    case 'undefined':
      hashNumber(h, 7);
      return;
    case 'bigint':
      hashNumber(h, 13);
      hashText(h, value.toString());
      return;
    case 'object':
      mixObject(h, value);
      return;
    default:
      throw new AssertionError(`a ${typeof value} inside plain data`);
  }
}

function mixObject(h: Hash, value: object | null): void {
  if (value === null) {
    hashNumber(h, 11);
    return;
  }
  if (value instanceof Uint8Array) {
    hashBytes(h, value);
    return;
  }
  if (
    Array.isArray(value) ||
    value instanceof Float64Array ||
    value instanceof Int32Array ||
    value instanceof Uint32Array
  ) {
    hashNumber(h, value.length);
    for (const item of value) mix(h, item);
    return;
  }
  if (value instanceof Map) {
    hashNumber(h, 17);
    hashNumber(h, value.size);
    for (const [key, item] of value) {
      mix(h, key);
      mix(h, item);
    }
    return;
  }
  if (value instanceof Set) {
    hashNumber(h, 19);
    hashNumber(h, value.size);
    for (const item of value) mix(h, item);
    return;
  }
  const keys = Object.keys(value).sort();
  hashNumber(h, keys.length);
  for (const key of keys) {
    hashText(h, key);
    mix(h, (value as Record<string, unknown>)[key]);
  }
}
