// Bytes that one holder still changes in place. Bytes are shared as a rule, and then nobody changes them; who has made
// some and given them to nobody may say so here and go on writing. A clone of plain data shares every byte array it
// meets, so it ends all ownership at once: the next change makes a new copy. Who owns what never shows in any result.

let owned = new WeakSet<Uint8Array>();

/** `bytes` were made by the caller, which alone has them. */
export const own = (bytes: Uint8Array): void => {
  owned.add(bytes);
};

export const isOwned = (bytes: Uint8Array): boolean => owned.has(bytes);

/** From now on all bytes are shared. */
export const disownAll = (): void => {
  owned = new WeakSet();
};

/** The bytes themselves when they may be changed in place, else a copy that may. */
export function ownedCopy(bytes: Uint8Array): Uint8Array {
  if (isOwned(bytes)) return bytes;
  const copy = bytes.slice();
  own(copy);
  return copy;
}
