// CRC-32C (Castagnoli). Every log record, page, message frame and disk value carries one. Short ranges are sliced by eight
// bytes, long ones by sixteen, read as words where they lie aligned; runs of zeros, which much of a page is, by one step each.

const POLYNOMIAL = 0x82f6_3b78;
const SLICES = 16;
/** From this many bytes on a view of words costs less than it spares. */
const WORDS_MIN = 384;
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const TABLES = makeTables();
/** Words of a run of zeros that one step passes over. */
const ZERO_WORDS = 32;
const PAST_ZEROS = makePastZeros();

function makeTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1;
    tables[n] = c;
  }
  for (let n = 0; n < 256; n++) {
    for (let t = 1; t < SLICES; t++) {
      const previous = tables[(t - 1) * 256 + n] as number;
      tables[t * 256 + n] = (previous >>> 8) ^ (tables[previous & 0xff] as number);
    }
  }
  return tables;
}

/** By byte of the running CRC what a run of zeros makes of it: the whole is the sum of its bits' parts. */
function makePastZeros(): Int32Array {
  const past = new Int32Array(4 * 256);
  for (let bit = 0; bit < 32; bit++) {
    let crc = 1 << bit;
    for (let i = 0; i < ZERO_WORDS * 4; i++) crc = (crc >>> 8) ^ (TABLES[crc & 0xff] as number);
    const row = (bit >>> 3) * 256;
    const own = 1 << (bit & 7);
    for (let low = 0; low < own; low++) past[row + own + low] = crc ^ (past[row + low] as number);
  }
  return past;
}

/** CRC-32C of `bytes[start, end)` as an unsigned 32-bit integer. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const t = TABLES;
  let crc = -1;
  let i = start;
  if (end - start >= WORDS_MIN && IS_LITTLE_ENDIAN) {
    const skew = (bytes.byteOffset + i) & 3;
    for (const aligned = skew === 0 ? i : i + 4 - skew; i < aligned; i++)
      crc = (crc >>> 8) ^ (t[(crc ^ (bytes[i] as number)) & 0xff] as number);
    const words = ((end - i) >>> 4) << 2;
    crc = mixWords(crc, new Int32Array(bytes.buffer, bytes.byteOffset + i, words));
    i += words * 4;
  }
  for (; i + 8 <= end; i += 8) {
    const low =
      crc ^
      ((bytes[i] as number) |
        ((bytes[i + 1] as number) << 8) |
        ((bytes[i + 2] as number) << 16) |
        ((bytes[i + 3] as number) << 24));
    crc =
      (t[1792 + (low & 0xff)] as number) ^
      (t[1536 + ((low >>> 8) & 0xff)] as number) ^
      (t[1280 + ((low >>> 16) & 0xff)] as number) ^
      (t[1024 + (low >>> 24)] as number) ^
      (t[768 + (bytes[i + 4] as number)] as number) ^
      (t[512 + (bytes[i + 5] as number)] as number) ^
      (t[256 + (bytes[i + 6] as number)] as number) ^
      (t[bytes[i + 7] as number] as number);
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ (t[(crc ^ (bytes[i] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

/** Where the zeros that begin at word `from` end, counted in whole runs. */
function endOfZeros(words: Int32Array, from: number): number {
  let end = from;
  for (; end + ZERO_WORDS <= words.length; end += ZERO_WORDS)
    for (let i = end; i < end + ZERO_WORDS; i++) if (words[i] !== 0) return end;
  return end;
}

/** The running CRC after words, four at a time; their number is a multiple of four. */
function mixWords(before: number, words: Int32Array): number {
  const t = TABLES;
  const z = PAST_ZEROS;
  let crc = before;
  for (let i = 0; i < words.length; i += 4) {
    if (words[i] === 0 && words[i + 1] === 0) {
      const end = endOfZeros(words, i);
      for (; i < end; i += ZERO_WORDS)
        crc =
          (z[crc & 0xff] as number) ^
          (z[256 + ((crc >>> 8) & 0xff)] as number) ^
          (z[512 + ((crc >>> 16) & 0xff)] as number) ^
          (z[768 + (crc >>> 24)] as number);
      if (i >= words.length) return crc;
    }
    const a = crc ^ (words[i] as number);
    const b = words[i + 1] as number;
    const c = words[i + 2] as number;
    const d = words[i + 3] as number;
    crc =
      (t[3840 + (a & 0xff)] as number) ^
      (t[3584 + ((a >>> 8) & 0xff)] as number) ^
      (t[3328 + ((a >>> 16) & 0xff)] as number) ^
      (t[3072 + (a >>> 24)] as number) ^
      (t[2816 + (b & 0xff)] as number) ^
      (t[2560 + ((b >>> 8) & 0xff)] as number) ^
      (t[2304 + ((b >>> 16) & 0xff)] as number) ^
      (t[2048 + (b >>> 24)] as number) ^
      (t[1792 + (c & 0xff)] as number) ^
      (t[1536 + ((c >>> 8) & 0xff)] as number) ^
      (t[1280 + ((c >>> 16) & 0xff)] as number) ^
      (t[1024 + (c >>> 24)] as number) ^
      (t[768 + (d & 0xff)] as number) ^
      (t[512 + ((d >>> 8) & 0xff)] as number) ^
      (t[256 + ((d >>> 16) & 0xff)] as number) ^
      (t[d >>> 24] as number);
  }
  return crc;
}
