// Share links: a tape deflated into the fragment of the page's address, which no server ever sees, and back again with
// hard limits before anything is parsed.

import { deflateSync, Inflate } from 'fflate';
import { fromBase64, toBase64 } from '../base/base64.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';

const LINK_VERSION = '1';
/** Compressed bytes a link may carry, and what they may expand to. */
const MAX_COMPRESSED = 2 * 1024 * 1024;
const MAX_EXPANDED = 32 * 1024 * 1024;
const MAX_RATIO = 100;
/** A small tape compresses by more than the ratio allows; up to this size that is no danger. */
const RATIO_FREE_BYTES = 256 * 1024;

export type LinkTape =
  | { readonly ok: true; readonly tape: string }
  | { readonly ok: false; readonly why: Refusal; readonly readable: string };

/** `1.<base64url of the deflated tape>`. */
export function encodeTape(tape: string): string {
  const packed = deflateSync(new TextEncoder().encode(tape), { level: 9 });
  const letters = toBase64(packed).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return `${LINK_VERSION}.${letters}`;
}

const refuse = (why: Refusal, readable = ''): LinkTape => ({ ok: false, why, readable });

/** The tape of a link's `r` parameter, or why it cannot be opened with as much of it as can be read. */
export function decodeTape(parameter: string): LinkTape {
  const dot = parameter.indexOf('.');
  const version = dot < 0 ? '' : parameter.slice(0, dot);
  if (version !== LINK_VERSION)
    return refuse(refusal('linkVersion', { found: version === '' ? 'none' : version, known: LINK_VERSION }));
  const body = parameter.slice(dot + 1);
  if (body.length > (MAX_COMPRESSED * 4) / 3 + 4)
    return refuse(refusal('linkTooLong', { most: MAX_COMPRESSED }));
  const packed = fromBase64Url(body);
  if (packed === null) return refuse(refusal('linkNotBase64'));
  return inflate(packed);
}

function fromBase64Url(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return fromBase64(`${text.replaceAll('-', '+').replaceAll('_', '/')}${padding}`);
}

interface Expanded {
  readonly pieces: readonly Uint8Array[];
  readonly why: Refusal | null;
}

/** Expands piece by piece and stops at the limit, so that a bomb costs nothing. */
function expand(packed: Uint8Array, step: number): Expanded {
  const limit = Math.min(MAX_EXPANDED, Math.max(RATIO_FREE_BYTES, packed.length * MAX_RATIO));
  const pieces: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  const stream = new Inflate((piece, final) => {
    size += piece.length;
    if (size > limit) throw new RangeError();
    pieces.push(piece);
    ended = final;
  });
  try {
    for (let at = 0; at < packed.length; at += step)
      stream.push(packed.subarray(at, at + step), at + step >= packed.length);
  } catch (error) {
    const isBomb = error instanceof RangeError;
    return { pieces, why: isBomb ? refusal('linkBomb', { most: limit }) : refusal('linkDamaged') };
  }
  return { pieces, why: ended ? null : refusal('linkCutOff') };
}

function inflate(packed: Uint8Array): LinkTape {
  const { pieces, why } = expand(packed, 16 * 1024);
  // Once more in steps so small that all that stands before the fault has come out.
  if (why !== null) return refuse(why, why.kind === 'linkBomb' ? '' : textOf(expand(packed, 64).pieces));
  try {
    return { ok: true, tape: new TextDecoder('utf-8', { fatal: true }).decode(joined(pieces)) };
  } catch {
    return refuse(refusal('linkNotText'), textOf(pieces));
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const textOf = (pieces: readonly Uint8Array[]): string => new TextDecoder().decode(joined(pieces));
