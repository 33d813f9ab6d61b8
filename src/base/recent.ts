// What was read from bytes a short while ago, found by the identity of the bytes: bytes are written once and never changed,
// so what one reader made of them serves the next. It shows in no result; whoever uses it changes nothing of what is kept.

export interface Recent<T> {
  readonly find: (bytes: Uint8Array) => T | null;
  readonly add: (bytes: Uint8Array, value: T) => void;
}

/** Keeps the newest `limit`. */
export function makeRecent<T>(limit: number): Recent<T> {
  const keys: Uint8Array[] = [];
  const values: T[] = [];
  let next = 0;
  return {
    find: (bytes) => {
      for (let i = 0; i < keys.length; i++) if (keys[i] === bytes) return values[i] as T;
      return null;
    },
    add: (bytes, value) => {
      keys[next] = bytes;
      values[next] = value;
      next = (next + 1) % limit;
    },
  };
}
