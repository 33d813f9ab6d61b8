// gen_random_uuid(): 122 bits that follow from what no two calls of a volume have in common (session, time, next xid, and how many
// this life of the engine has drawn), so that a replay draws the same.

import { makePrng, nextUint32 } from '../../base/prng.ts';
import type { Env, Session } from './engine-state.ts';

/** 32 hexadecimal digits with the version and variant of RFC 9562. */
export function drawUuid({ engine, ctx }: Env, { key, incarnation }: Session): string {
  const prng = makePrng(
    ctx.now,
    `uuid ${engine.volume} ${key} ${incarnation} ${engine.nextXid}`,
    engine.drawn++,
  );
  const word = (): string => nextUint32(prng).toString(16).padStart(8, '0');
  const digits = word() + word() + word() + word();
  const variant = '89ab'.charAt(Number.parseInt(digits.charAt(16), 16) & 3);
  return `${digits.slice(0, 12)}4${digits.slice(13, 16)}${variant}${digits.slice(17)}`;
}
