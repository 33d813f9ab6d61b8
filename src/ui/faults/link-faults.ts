// Faults of a link: both directions or one, until healed or for a while, and to the next messages on it.

import {
  ArrowRight,
  Bug,
  Copy,
  Gauge,
  Hand,
  Hourglass,
  Link2,
  Package,
  PackageX,
  Scissors,
  Shuffle,
  SlidersHorizontal,
  Timer,
  Waves,
} from 'lucide-react';
import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { MessageFamily } from '../../core/kernel/message-label.ts';
import type { Role } from '../../core/kernel/view.ts';
import { isImpaired } from '../../state/link-pair.ts';
import { families } from '../glyphs/glyph-shapes.ts';
import { stackTables } from '../stacks/tables.ts';
import {
  act,
  always,
  bothWays,
  type Ends,
  endsOf,
  type FaultContext,
  type FaultEntry,
  inSection,
  oneWay,
  open,
  type PartEntry,
} from './entry.ts';
import '../../words/faults/faults.en.json';

type LinkEntry = PartEntry;

const isCut = (context: FaultContext, from: NodeId, to: NodeId): boolean =>
  context.frame.links.some((link) => link.from === from && link.to === to && link.cut);
const either = (
  context: FaultContext,
  test: (link: FaultContext['frame']['links'][number]) => boolean,
): boolean => {
  const { a, b } = endsOf(context);
  return context.frame.links.some(
    (link) => test(link) && ((link.from === a && link.to === b) || (link.from === b && link.to === a)),
  );
};

const directions = [
  { id: 'There', of: ({ a, b }: Ends) => ({ from: a, to: b }) },
  { id: 'Back', of: ({ a, b }: Ends) => ({ from: b, to: a }) },
] as const;

const cuts: readonly LinkEntry[] = [
  {
    id: 'cut',
    label: 'fault.cut',
    icon: Scissors,
    key: 'X',
    enabled: (context) => {
      const { a, b } = endsOf(context);
      return !(isCut(context, a, b) && isCut(context, b, a));
    },
    effect: (context) => act({ kind: 'cut', link: bothWays(endsOf(context)), forUs: null }),
  },
  {
    id: 'cutForSix',
    label: 'fault.cutForSix',
    icon: Timer,
    enabled: always,
    effect: (context) => act({ kind: 'cut', link: bothWays(endsOf(context)), forUs: 6000 }),
  },
  ...directions.map(
    ({ id, of }): LinkEntry => ({
      id: `cut${id}`,
      label: 'fault.cutOneWay',
      icon: ArrowRight,
      names: (context) => ({ ...of(endsOf(context)) }),
      enabled: (context) => {
        const { from, to } = of(endsOf(context));
        return !isCut(context, from, to);
      },
      effect: (context) => {
        const { from, to } = of(endsOf(context));
        return act({ kind: 'cut', link: oneWay(from, to), forUs: null });
      },
    }),
  ),
  {
    id: 'heal',
    label: 'fault.heal',
    icon: Link2,
    enabled: (context) => either(context, isImpaired),
    effect: (context) => act({ kind: 'heal', link: bothWays(endsOf(context)) }),
  },
  {
    id: 'holdLink',
    label: 'fault.holdLink',
    icon: Hand,
    shown: (context) => !either(context, ({ held }) => held),
    enabled: always,
    effect: (context) => act({ kind: 'hold', link: bothWays(endsOf(context)), forUs: null }),
  },
  {
    id: 'releaseLink',
    label: 'fault.releaseLink',
    icon: Package,
    shown: (context) => either(context, ({ held }) => held),
    enabled: always,
    effect: (context) => act({ kind: 'release', link: bothWays(endsOf(context)) }),
  },
];

/** Latency, loss and the rest by a number of one's own. */
const typedValues: readonly LinkEntry[] = [
  {
    id: 'typedLink',
    label: 'fault.typed',
    icon: SlidersHorizontal,
    enabled: always,
    effect: (context) => open({ kind: 'typedFault', subject: { kind: 'link', ...endsOf(context) } }),
  },
];

const impairments: readonly LinkEntry[] = inSection('impair', [
  {
    id: 'slowLink',
    label: 'fault.latency',
    icon: Hourglass,
    names: () => ({ time: '5 ms' }),
    enabled: always,
    effect: (context) => act({ kind: 'latency', link: bothWays(endsOf(context)), baseUs: 5000, forUs: null }),
  },
  {
    id: 'jitterLink',
    label: 'fault.jitter',
    icon: Waves,
    names: () => ({ time: '2 ms' }),
    enabled: always,
    effect: (context) =>
      act({ kind: 'jitter', link: bothWays(endsOf(context)), jitterUs: 2000, forUs: null }),
  },
  ...(
    [
      ['loseSome', 'loss', 'fault.loss', PackageX],
      ['duplicateSome', 'duplicate', 'fault.duplicateSome', Copy],
      ['reorderSome', 'reorder', 'fault.reorder', Shuffle],
      ['corruptSome', 'corrupt', 'fault.corruptSome', Bug],
    ] as const
  ).map(
    ([id, kind, label, icon]): LinkEntry => ({
      id,
      label,
      icon,
      names: () => ({ percent: 20 }),
      enabled: always,
      effect: (context) => act({ kind, link: bothWays(endsOf(context)), percent: 20, forUs: null }),
    }),
  ),
  {
    id: 'capLink',
    label: 'fault.bandwidth',
    icon: Gauge,
    names: () => ({ bytes: 256 }),
    enabled: always,
    effect: (context) =>
      act({ kind: 'bandwidth', link: bothWays(endsOf(context)), bytesPerMs: 256, forUs: null }),
  },
]);

const routes = stackTables.flatMap((tables) => tables.routes ?? []);

function goes(cluster: ClusterSpec, from: NodeId, to: NodeId, family: MessageFamily): boolean {
  const has = (id: NodeId, role: Role): boolean =>
    cluster.nodes.find((node) => node.id === id)?.roles.includes(role) === true;
  return routes.some(([a, b, families]) => has(from, a) && has(to, b) && families.includes(family));
}

const nextFamilies = families.filter((family) => routes.some(([, , carried]) => carried.includes(family)));

/** The next message of a family in one direction is lost, or waits by itself. */
const nextMessages: readonly LinkEntry[] = (['dropNext', 'holdNext'] as const).flatMap((kind) =>
  directions.flatMap(({ id, of }) =>
    nextFamilies.map(
      (family): LinkEntry => ({
        id: `${kind}${id}.${family}`,
        section: kind,
        label: kind === 'dropNext' ? 'fault.dropNext' : 'fault.holdNext',
        icon: kind === 'dropNext' ? PackageX : Hand,
        names: (context) => ({ ...of(endsOf(context)), family }),
        shown: (context) => {
          const { from, to } = of(endsOf(context));
          return goes(context.frame.cluster, from, to, family);
        },
        enabled: always,
        effect: (context) => {
          const { from, to } = of(endsOf(context));
          return act({ kind, link: oneWay(from, to), family, count: 1 });
        },
      }),
    ),
  ),
);

export const linkFaults: readonly FaultEntry[] = [
  ...cuts,
  ...typedValues,
  ...impairments,
  ...nextMessages,
].map((entry) => ({
  section: 'main',
  ...entry,
  target: 'link',
}));
