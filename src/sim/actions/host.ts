// The tape action that the host writes, not a person: a power cut, with each node's stamp as of its last commit.

import type { NodeId, Time } from '../../base/ids.ts';
import { refusal } from '../../presets/refusals.ts';
import { powerCut } from '../power-cut.ts';
import { LONGEST_RUN_US, TAPE_LIMITS } from '../tape-limits.ts';
import {
  badLine,
  expectWord,
  hasMore,
  MAX_INTEGER,
  printMs,
  takeHash,
  takeInteger,
  takeMs,
  takeName,
} from '../tape-tokens.ts';
import type { Arg } from './args.ts';
import { defineAction, type PowerStamp } from './define.ts';

const printStamp = (s: PowerStamp): string =>
  `${s.node} ${printMs(s.until)} ms ${s.ordinal} ${s.life} ${s.hash} ${s.disk}`;

const stampsArg: Arg<readonly PowerStamp[]> = {
  read(words) {
    const stamps: PowerStamp[] = [];
    while (hasMore(words)) {
      if (stamps.length > 0) expectWord(words, ';');
      const node = takeName(words, 'node') as NodeId;
      const until = takeMs(words, 'until', 0, LONGEST_RUN_US) as Time;
      expectWord(words, 'ms');
      const ordinal = takeInteger(words, 'ordinal', 0, MAX_INTEGER);
      const life = takeInteger(words, 'life', 0, MAX_INTEGER);
      stamps.push({
        node,
        until,
        ordinal,
        life,
        hash: takeHash(words, 'hash'),
        disk: takeHash(words, 'disk'),
      });
      if (stamps.length > TAPE_LIMITS.stamps)
        throw badLine('moreThan', { most: TAPE_LIMITS.stamps, what: 'stamps' });
    }
    return stamps;
  },
  print: (stamps) => (stamps.length === 0 ? null : stamps.map(printStamp).join(' ; ')),
  draw: () => [],
};

export const hostActions = {
  /** Written by the host, not by a person: page or browser ended, and each node’s disk is as of its stamp. */
  powerCut: defineAction({
    target: 'world',
    args: { stamps: stampsArg },
    isFault: true,
    names: ({ stamps }) => stamps.map(({ node }) => node),
    check({ at, stamps }) {
      if (new Set(stamps.map(({ node }) => node)).size !== stamps.length) return refusal('twoStamps');
      const late = stamps.find(({ until }) => until > at);
      return late === undefined ? null : refusal('lateStamp', { node: late.node });
    },
    do: (fabric, { stamps }) => powerCut(fabric, stamps),
  }),
};
