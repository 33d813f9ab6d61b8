// Base64 (RFC 4648, with padding): the deterministic part has no host to ask for it.

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES: ReadonlyMap<string, number> = new Map([...LETTERS].map((letter, i) => [letter, i]));
const CODES = new Int16Array(128).fill(-1);
for (const [letter, value] of VALUES) CODES[letter.charCodeAt(0)] = value;
/** Groups of three bytes that are joined at once: a call takes so many arguments at most. */
const GROUPS = 8192;

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += GROUPS * 3) {
    const letters: string[] = [];
    const end = Math.min(bytes.length, from + GROUPS * 3);
    for (let i = from; i < end; i += 3) {
      const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      const count = Math.min(3, end - i);
      for (let letter = 0; letter < 4; letter++)
        letters.push(letter <= count ? (LETTERS[(group >>> (18 - 6 * letter)) & 63] ?? '') : '=');
    }
    parts.push(letters.join(''));
  }
  return parts.join('');
}

/** Null: it is none. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const letters = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  let held = 0;
  for (let i = 0; i < letters; i++) {
    const value = CODES[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    held = (held << 6) | value;
    const bits = ((i + 1) * 6) % 8;
    if (i % 4 === 0) continue;
    bytes[at++] = (held >>> bits) & 0xff;
    held &= (1 << bits) - 1;
  }
  return bytes;
}
