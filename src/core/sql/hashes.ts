// MD5 and the SHA-2 family over bytes, in one step as the engine needs them: what platforms have answers later.

/** Digits behind the point: of sines of 1, 2, …; of cube roots of the first primes; of their square roots. */
const SINES =
  'd76aa478e8c7b756242070dbc1bdceeef57c0faf4787c62aa8304613fd469501698098d88b44f7afffff5bb1895cd7be6b901122fd987193' +
  'a679438e49b40821f61e2562c040b340265e5a51e9b6c7aad62f105d02441453d8a1e681e7d3fbc821e1cde6c33707d6f4d50d87455a14ed' +
  'a9e3e905fcefa3f8676f02d98d2a4c8afffa39428771f6816d9d6122fde5380ca4beea444bdecfa9f6bb4b60bebfbc70289b7ec6eaa127fa' +
  'd4ef308504881d05d9d4d039e6db99e51fa27cf8c4ac5665f4292244432aff97ab9423a7fc93a039655b59c38f0ccc92ffeff47d85845dd1' +
  '6fa87e4ffe2ce6e0a30143144e0811a1f7537e82bd3af2352ad7d2bbeb86d391';
const CUBE_ROOTS =
  '428a2f98d728ae227137449123ef65cdb5c0fbcfec4d3b2fe9b5dba58189dbbc3956c25bf348b53859f111f1b605d019923f82a4af194f9b' +
  'ab1c5ed5da6d8118d807aa98a303024212835b0145706fbe243185be4ee4b28c550c7dc3d5ffb4e272be5d74f27b896f80deb1fe3b1696b1' +
  '9bdc06a725c71235c19bf174cf692694e49b69c19ef14ad2efbe4786384f25e30fc19dc68b8cd5b5240ca1cc77ac9c652de92c6f592b0275' +
  '4a7484aa6ea6e4835cb0a9dcbd41fbd476f988da831153b5983e5152ee66dfaba831c66d2db43210b00327c898fb213fbf597fc7beef0ee4' +
  'c6e00bf33da88fc2d5a79147930aa72506ca6351e003826f142929670a0e6e7027b70a8546d22ffc2e1b21385c26c9264d2c6dfc5ac42aed' +
  '53380d139d95b3df650a73548baf63de766a0abb3c77b2a881c2c92e47edaee692722c851482353ba2bfe8a14cf10364a81a664bbc423001' +
  'c24b8b70d0f89791c76c51a30654be30d192e819d6ef5218d69906245565a910f40e35855771202a106aa07032bbd1b819a4c116b8d2d0c8' +
  '1e376c085141ab532748774cdf8eeb9934b0bcb5e19b48a8391c0cb3c5c95a634ed8aa4ae3418acb5b9cca4f7763e373682e6ff3d6b2b8a3' +
  '748f82ee5defb2fc78a5636f43172f6084c87814a1f0ab728cc702081a6439ec90befffa23631e28a4506cebde82bde9bef9a3f7b2c67915' +
  'c67178f2e372532bca273eceea26619cd186b8c721c0c207eada7dd6cde0eb1ef57d4f7fee6ed17806f067aa72176fba0a637dc5a2c898a6' +
  '113f9804bef90dae1b710b35131c471b28db77f523047d8432caab7b40c724933c9ebe0a15c9bebc431d67c49c100d4c4cc5d4becb3e42b6' +
  '597f299cfc657e2a5fcb6fab3ad6faec6c44198c4a475817';
const SQUARE_ROOTS =
  '6a09e667f3bcc908bb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1510e527fade682d19b05688c2b3e6c1f1f83d9abfb41bd6b' +
  '5be0cd19137e2179cbbb9d5dc1059ed8629a292a367cd5079159015a3070dd17152fecd8f70e593967332667ffc00b318eb44a8768581511' +
  'db0c2e0d64f98fa747b5481dbefa4fa4';

const MD5_SINES: readonly number[] = (SINES.match(/.{8}/g) ?? []).map(
  (digits) => Number.parseInt(digits, 16) | 0,
);
const MD5_TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

const wide = (digits: string): readonly bigint[] =>
  (digits.match(/.{16}/g) ?? []).map((one) => BigInt(`0x${one}`));
const highHalf = (x: bigint): number => Number(x >> 32n) | 0;
const lowHalf = (x: bigint): number => Number(BigInt.asUintN(32, x)) | 0;

const SHA512_ROUNDS = wide(CUBE_ROOTS);
const SHA256_ROUNDS: readonly number[] = SHA512_ROUNDS.map(highHalf);
const ROOTS = wide(SQUARE_ROOTS);

/** With a one, zeros and the length in bits, to whole blocks. */
function padded(bytes: Uint8Array, block: number, isBigEndian: boolean): DataView {
  const lengthBytes = block / 8;
  const whole = new Uint8Array(Math.ceil((bytes.length + 1 + lengthBytes) / block) * block);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  const bits = BigInt(bytes.length) * 8n;
  view.setBigUint64(whole.length - 8, bits, !isBigEndian);
  return view;
}

const turn = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

export function md5(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, 64, false);
  const sums = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a = 0, b = 0, c = 0, d = 0] = sums;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed =
        round === 0
          ? (b & c) | (~b & d)
          : round === 1
            ? (d & b) | (~d & c)
            : round === 2
              ? b ^ c ^ d
              : c ^ (b | ~d);
      const place = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] ?? 0;
      const word = view.getInt32(at + (place % 16) * 4, true);
      const sum = (a + mixed + word + (MD5_SINES[i] ?? 0)) | 0;
      [a, d, c, b] = [d, c, b, (b + turn(sum, MD5_TURNS[round * 4 + (i & 3)] ?? 0)) | 0];
    }
    [a, b, c, d].forEach((part, i) => {
      sums[i] = ((sums[i] ?? 0) + part) | 0;
    });
  }
  const out = new DataView(new ArrayBuffer(16));
  sums.forEach((sum, i) => {
    out.setInt32(i * 4, sum, true);
  });
  return new Uint8Array(out.buffer);
}

function sha32(bytes: Uint8Array, first: readonly number[], length: number): Uint8Array {
  const view = padded(bytes, 64, true);
  const sums = [...first];
  const w = new Int32Array(64);
  const word = (i: number): number => w[i] ?? 0;
  const turned = (x: number, by: number): number => turn(x, 32 - by);
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 64; i++) {
      const [early, late] = [word(i - 15), word(i - 2)];
      w[i] =
        i < 16
          ? view.getInt32(at + i * 4)
          : word(i - 16) +
            (turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)) +
            word(i - 7) +
            (turned(late, 17) ^ turned(late, 19) ^ (late >>> 10));
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = sums;
    for (let i = 0; i < 64; i++) {
      const up = (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g));
      const one = (h + up + (SHA256_ROUNDS[i] ?? 0) + word(i)) | 0;
      const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((part, i) => {
      sums[i] = ((sums[i] ?? 0) + part) | 0;
    });
  }
  const out = new DataView(new ArrayBuffer(32));
  sums.forEach((sum, i) => {
    out.setInt32(i * 4, sum);
  });
  return new Uint8Array(out.buffer, 0, length);
}

function sha64(bytes: Uint8Array, first: readonly bigint[], length: number): Uint8Array {
  const view = padded(bytes, 128, true);
  const sums = [...first];
  const w = new BigUint64Array(80);
  const word = (i: number): bigint => w[i] ?? 0n;
  const turned = (x: bigint, by: bigint): bigint => BigInt.asUintN(64, (x >> by) | (x << (64n - by)));
  for (let at = 0; at < view.byteLength; at += 128) {
    for (let i = 0; i < 80; i++) {
      const [early, late] = [word(i - 15), word(i - 2)];
      w[i] =
        i < 16
          ? view.getBigUint64(at + i * 8)
          : word(i - 16) +
            (turned(early, 1n) ^ turned(early, 8n) ^ (early >> 7n)) +
            word(i - 7) +
            (turned(late, 19n) ^ turned(late, 61n) ^ (late >> 6n));
    }
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = sums;
    for (let i = 0; i < 80; i++) {
      const up =
        (turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n)) + ((e & f) ^ (BigInt.asUintN(64, ~e) & g));
      const one = BigInt.asUintN(64, h + up + (SHA512_ROUNDS[i] ?? 0n) + word(i));
      const two = (turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [
        g,
        f,
        e,
        BigInt.asUintN(64, d + one),
        c,
        b,
        a,
        BigInt.asUintN(64, one + two),
      ];
    }
    [a, b, c, d, e, f, g, h].forEach((part, i) => {
      sums[i] = BigInt.asUintN(64, (sums[i] ?? 0n) + part);
    });
  }
  const out = new DataView(new ArrayBuffer(64));
  sums.forEach((sum, i) => {
    out.setBigUint64(i * 8, sum);
  });
  return new Uint8Array(out.buffer, 0, length);
}

export const sha224 = (bytes: Uint8Array): Uint8Array => sha32(bytes, ROOTS.slice(8).map(lowHalf), 28);
export const sha256 = (bytes: Uint8Array): Uint8Array => sha32(bytes, ROOTS.slice(0, 8).map(highHalf), 32);
export const sha384 = (bytes: Uint8Array): Uint8Array => sha64(bytes, ROOTS.slice(8), 48);
export const sha512 = (bytes: Uint8Array): Uint8Array => sha64(bytes, ROOTS.slice(0, 8), 64);
