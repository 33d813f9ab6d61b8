// Tape actions of `postdb-v4`: a tablet is split (PCS-46), two are merged (PCS-122), one gets another primary (PCS-121).

import type { GroupId } from '../../base/ids.ts';
import { nextBetween } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { type Refusal, refusal } from '../../presets/refusals.ts';
import { type Arg, optional, storeArg, text } from '../../sim/actions/args.ts';
import { defineAction } from '../../sim/actions/define.ts';
import { refuseStore } from '../../sim/actions/targets.ts';
import { commandMetadata } from '../../sim/node-commands.ts';
import { takeName } from '../../sim/tape-tokens.ts';

declare module '../../sim/actions/define.ts' {
  interface StackActions {
    readonly 'postdb-v4': typeof postdbV4Actions;
  }
}

const groupArg: Arg<GroupId> = {
  read: (words) => takeName(words, 'group') as GroupId,
  print: (value) => value,
  draw: (prng) => `g${nextBetween(prng, 1, 4)}` as GroupId,
};

const checkTablets = ({ placement, preset }: ClusterSpec): Refusal | null =>
  placement === undefined ? refusal('noTabletsHere', { preset }) : null;

export const postdbV4Actions = {
  /** PCS-46: to the metadata: a tablet's group gives its keys from `key` on (none: the upper half of its rows) to a group of their own. */
  splitGroup: defineAction({
    target: 'world',
    args: { group: groupArg, key: optional(text('13', '60')) },
    check: (_, cluster) => checkTablets(cluster),
    do: (fabric, { group, key }) => commandMetadata(fabric, { kind: 'splitGroup', group, key: key ?? '' }),
  }),
  /** PCS-122: to the metadata: the tablets of two groups, neighbours in one table, become one. */
  mergeGroups: defineAction({
    target: 'world',
    args: { group: groupArg, other: groupArg },
    check: (_, cluster) => checkTablets(cluster),
    do: (fabric, { group, other }) => commandMetadata(fabric, { kind: 'mergeGroups', group, other }),
  }),
  /** PCS-121: to the metadata: another replica of the tablet's group is to be its primary. */
  transferGroup: defineAction({
    target: 'world',
    args: { group: groupArg, to: storeArg },
    check: ({ to }, cluster, _, kinds) => checkTablets(cluster) ?? refuseStore(kinds, to, cluster),
    do: (fabric, { group, to }) => commandMetadata(fabric, { kind: 'transferGroup', group, to }),
  }),
};
