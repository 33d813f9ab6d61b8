// An object on its way in parts, each asked for or sent after the one before it (docs/spec/wal.md WAL-42).

export interface ObjectParts {
  readonly parts: Uint8Array[];
  /** Bytes that are here: where the next part begins. */
  have: number;
}

export const noParts = (): ObjectParts => ({ parts: [], have: 0 });

/** False for a part that is not the next one: nothing is taken, it has to come again. */
export function addPart(all: ObjectParts, offset: number, bytes: Uint8Array): boolean {
  if (offset !== all.have) return false;
  all.parts.push(bytes);
  all.have += bytes.length;
  return true;
}

/** The last part, as if it had not come. */
export function dropLastPart(all: ObjectParts): void {
  all.have -= all.parts.pop()?.length ?? 0;
}

export function joinParts({ parts, have }: ObjectParts): Uint8Array {
  const whole = new Uint8Array(have);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
