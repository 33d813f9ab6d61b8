// Every fault and remedy that a person can do, as data: on what, when it makes sense, by which key, and the one tape
// action it makes. Context menus, the inspector's Faults tab, the toolbar's menu and the keyboard all read this table,
// so that no way in has more or less than another (product design §3).

import {
  ArrowRight,
  Bug,
  Copy,
  Hand,
  Hourglass,
  Link2,
  type LucideIcon,
  Package,
  PackageX,
  Power,
  RotateCcw,
  Scissors,
  Snowflake,
  Split,
  Sun,
  Timer,
  TimerReset,
  Unplug,
  Zap,
  ZapOff,
} from 'lucide-react';
import { type NodeId, nodeId, time } from '../../base/ids.ts';
import type { WorldFrame } from '../../sim/frame.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { isImpaired } from '../../state/link-pair.ts';
import type { Panel } from '../../state/selection-store.ts';
import type { MessageKey } from '../i18n/i18n.ts';
import type { MenuSubject } from './menu-store.ts';
import './texts.ts';

/** An action without its time: the lab gives it the next window's. */
type Untimed<A> = A extends unknown ? Omit<A, 'at'> : never;
export type NewAction = Untimed<TapeAction>;

export type FaultTarget = MenuSubject['kind'];
export type FaultKey = 'C' | 'R' | 'Z' | 'X' | 'H' | 'P';

export interface FaultContext {
  readonly frame: WorldFrame;
  readonly subject: MenuSubject;
  /** Selected nodes, for a partition. */
  readonly selection: readonly string[];
}

/** What choosing an entry does: one action on the tape, or a panel that asks for the rest. */
export type FaultEffect =
  | { readonly kind: 'act'; readonly action: NewAction }
  | { readonly kind: 'panel'; readonly panel: Panel };

export interface FaultEntry {
  readonly id: string;
  readonly target: FaultTarget;
  readonly label: MessageKey;
  readonly icon: LucideIcon;
  readonly key?: FaultKey;
  /** Parameters of the label, from what it is done to. */
  readonly names?: (context: FaultContext) => Readonly<Record<string, string | number>>;
  /** False: shown but not offered now (a node that is down cannot be crashed). */
  readonly enabled: (context: FaultContext) => boolean;
  /** False: not shown for this subject at all. */
  readonly shown?: (context: FaultContext) => boolean;
  readonly effect: (context: FaultContext) => FaultEffect;
}

const act = (action: NewAction): FaultEffect => ({ kind: 'act', action });
const open = (panel: Panel): FaultEffect => ({ kind: 'panel', panel });

const subjectNode = ({ subject }: FaultContext): NodeId => nodeId(subject.kind === 'node' ? subject.id : '');
const statusOf = (context: FaultContext): string =>
  context.frame.nodes.find((node) => node.id === subjectNode(context))?.status ?? 'down';

const ends = ({ subject }: FaultContext): { readonly a: NodeId; readonly b: NodeId } =>
  subject.kind === 'link' ? { a: nodeId(subject.a), b: nodeId(subject.b) } : { a: nodeId(''), b: nodeId('') };
const endNames = (context: FaultContext): Readonly<Record<string, string>> => {
  const { a, b } = ends(context);
  return { a, b };
};
const isCut = (context: FaultContext, from: NodeId, to: NodeId): boolean =>
  context.frame.links.some((link) => link.from === from && link.to === to && link.cut);
const bothWays = ({ a, b }: ReturnType<typeof ends>) => ({ from: [a], to: [b], isBothWays: true });
const oneWay = (from: NodeId, to: NodeId) => ({ from: [from], to: [to], isBothWays: false });

const message = ({ subject }: FaultContext): string => (subject.kind === 'message' ? subject.id : '');
const isFlying = (context: FaultContext): boolean =>
  context.frame.flights.some((flight) => flight.id === message(context) && flight.fate === 'flying');
const isHeld = (context: FaultContext): boolean =>
  context.frame.flights.some((flight) => flight.id === message(context) && flight.fate === 'held');

/** What this node's disk holds of the log of its first group; empty on a node that stores none. */
function logPrefix(context: FaultContext): string {
  const { cluster } = context.frame;
  const group = cluster.groups.find(({ replicas }) => replicas.includes(subjectNode(context)));
  return group === undefined ? '' : `store/${group.id}/log/`;
}
const storesLog = (context: FaultContext): boolean => logPrefix(context) !== '';

const touches = (context: FaultContext): boolean =>
  context.frame.links.some(
    (link) => isImpaired(link) && (link.from === subjectNode(context) || link.to === subjectNode(context)),
  );

const always = (): boolean => true;

export const faultRegistry: readonly FaultEntry[] = [
  {
    id: 'crash',
    target: 'node',
    label: 'fault.crash',
    icon: ZapOff,
    key: 'C',
    enabled: (context) => statusOf(context) !== 'down',
    effect: (context) => act({ kind: 'crash', node: subjectNode(context), mode: 'drawn', forUs: null }),
  },
  {
    id: 'crashLoseAll',
    target: 'node',
    label: 'fault.crashLoseAll',
    icon: ZapOff,
    enabled: (context) => statusOf(context) !== 'down',
    effect: (context) => act({ kind: 'crash', node: subjectNode(context), mode: 'loseAll', forUs: null }),
  },
  {
    id: 'crashTorn',
    target: 'node',
    label: 'fault.crashTorn',
    icon: ZapOff,
    enabled: (context) => statusOf(context) !== 'down',
    effect: (context) => act({ kind: 'crash', node: subjectNode(context), mode: 'tornLast', forUs: null }),
  },
  {
    id: 'stop',
    target: 'node',
    label: 'fault.stop',
    icon: Power,
    shown: storesLog,
    enabled: (context) => statusOf(context) === 'up',
    effect: (context) => act({ kind: 'stop', node: subjectNode(context), graceUs: 20_000, forUs: null }),
  },
  {
    id: 'bitRot',
    target: 'node',
    label: 'fault.bitRot',
    icon: Bug,
    shown: storesLog,
    enabled: (context) => statusOf(context) !== 'down',
    effect: (context) =>
      act({ kind: 'bitRot', node: subjectNode(context), prefix: logPrefix(context), pick: null }),
  },
  {
    id: 'loseWrite',
    target: 'node',
    label: 'fault.loseWrite',
    icon: Bug,
    shown: storesLog,
    enabled: (context) => statusOf(context) !== 'down',
    effect: (context) =>
      act({ kind: 'diskLoseWrite', node: subjectNode(context), prefix: logPrefix(context) }),
  },
  {
    id: 'misdirect',
    target: 'node',
    label: 'fault.misdirect',
    icon: Bug,
    shown: storesLog,
    enabled: (context) => statusOf(context) !== 'down',
    effect: (context) =>
      act({ kind: 'diskMisdirect', node: subjectNode(context), prefix: logPrefix(context) }),
  },
  {
    id: 'readError',
    target: 'node',
    label: 'fault.readError',
    icon: Bug,
    shown: storesLog,
    enabled: (context) => statusOf(context) !== 'down',
    effect: (context) =>
      act({ kind: 'diskReadError', node: subjectNode(context), prefix: logPrefix(context), pick: null }),
  },
  {
    id: 'restart',
    target: 'node',
    label: 'fault.restart',
    icon: RotateCcw,
    key: 'R',
    enabled: (context) => statusOf(context) === 'down',
    effect: (context) => act({ kind: 'restart', node: subjectNode(context) }),
  },
  {
    id: 'freeze',
    target: 'node',
    label: 'fault.freeze',
    icon: Snowflake,
    key: 'Z',
    shown: (context) => statusOf(context) !== 'frozen',
    enabled: (context) => statusOf(context) === 'up',
    effect: (context) => act({ kind: 'freeze', node: subjectNode(context), forUs: null }),
  },
  {
    id: 'resume',
    target: 'node',
    label: 'fault.resume',
    icon: Sun,
    key: 'Z',
    shown: (context) => statusOf(context) === 'frozen',
    enabled: always,
    effect: (context) => act({ kind: 'resume', node: subjectNode(context) }),
  },
  {
    id: 'cutLinks',
    target: 'node',
    label: 'fault.cutLinks',
    icon: Scissors,
    key: 'X',
    enabled: always,
    effect: (context) => open({ kind: 'cutLinks', node: subjectNode(context) }),
  },
  {
    id: 'isolate',
    target: 'node',
    label: 'fault.isolate',
    icon: Unplug,
    enabled: always,
    effect: (context) => act({ kind: 'isolate', nodes: [subjectNode(context)], forUs: null }),
  },
  {
    id: 'healNode',
    target: 'node',
    label: 'fault.healNode',
    icon: Link2,
    enabled: touches,
    effect: (context) => {
      const self = subjectNode(context);
      const others = context.frame.cluster.nodes.map(({ id }) => id).filter((id) => id !== self);
      return act({ kind: 'heal', link: { from: [self], to: others, isBothWays: true } });
    },
  },
  {
    id: 'partitionSelection',
    target: 'node',
    label: 'fault.partitionSelection',
    icon: Split,
    key: 'P',
    enabled: always,
    effect: (context) =>
      open({
        kind: 'partition',
        side: context.selection.length > 0 ? context.selection : [subjectNode(context)],
      }),
  },
  {
    id: 'cut',
    target: 'link',
    label: 'fault.cut',
    icon: Scissors,
    key: 'X',
    enabled: (context) => {
      const { a, b } = ends(context);
      return !(isCut(context, a, b) && isCut(context, b, a));
    },
    effect: (context) => act({ kind: 'cut', link: bothWays(ends(context)), forUs: null }),
  },
  {
    id: 'cutForSix',
    target: 'link',
    label: 'fault.cutForSix',
    icon: Timer,
    enabled: always,
    effect: (context) => act({ kind: 'cut', link: bothWays(ends(context)), forUs: 6000 }),
  },
  {
    id: 'cutThere',
    target: 'link',
    label: 'fault.cutOneWay',
    icon: ArrowRight,
    names: (context) => ({ from: endNames(context).a ?? '', to: endNames(context).b ?? '' }),
    enabled: (context) => !isCut(context, ends(context).a, ends(context).b),
    effect: (context) => act({ kind: 'cut', link: oneWay(ends(context).a, ends(context).b), forUs: null }),
  },
  {
    id: 'cutBack',
    target: 'link',
    label: 'fault.cutOneWay',
    icon: ArrowRight,
    names: (context) => ({ from: endNames(context).b ?? '', to: endNames(context).a ?? '' }),
    enabled: (context) => !isCut(context, ends(context).b, ends(context).a),
    effect: (context) => act({ kind: 'cut', link: oneWay(ends(context).b, ends(context).a), forUs: null }),
  },
  {
    id: 'loseSome',
    target: 'link',
    label: 'fault.loss',
    icon: PackageX,
    names: () => ({ percent: 20 }),
    enabled: always,
    effect: (context) => act({ kind: 'loss', link: bothWays(ends(context)), percent: 20, forUs: null }),
  },
  {
    id: 'slowLink',
    target: 'link',
    label: 'fault.latency',
    icon: Hourglass,
    names: () => ({ time: '5 ms' }),
    enabled: always,
    effect: (context) => act({ kind: 'latency', link: bothWays(ends(context)), baseUs: 5000, forUs: null }),
  },
  {
    id: 'heal',
    target: 'link',
    label: 'fault.heal',
    icon: Link2,
    enabled: (context) => {
      const { a, b } = ends(context);
      return context.frame.links.some(
        (link) =>
          isImpaired(link) && ((link.from === a && link.to === b) || (link.from === b && link.to === a)),
      );
    },
    effect: (context) => act({ kind: 'heal', link: bothWays(ends(context)) }),
  },
  {
    id: 'drop',
    target: 'message',
    label: 'fault.drop',
    icon: PackageX,
    enabled: (context) => isFlying(context) || isHeld(context),
    effect: (context) => act({ kind: 'dropMessage', message: message(context) }),
  },
  {
    id: 'delayOne',
    target: 'message',
    label: 'fault.delay',
    icon: TimerReset,
    names: () => ({ time: '1 ms' }),
    enabled: isFlying,
    effect: (context) => act({ kind: 'delayMessage', message: message(context), byUs: 1000 }),
  },
  {
    id: 'delayFive',
    target: 'message',
    label: 'fault.delay',
    icon: TimerReset,
    names: () => ({ time: '5 ms' }),
    enabled: isFlying,
    effect: (context) => act({ kind: 'delayMessage', message: message(context), byUs: 5000 }),
  },
  {
    id: 'duplicate',
    target: 'message',
    label: 'fault.duplicate',
    icon: Copy,
    enabled: isFlying,
    effect: (context) => act({ kind: 'duplicateMessage', message: message(context) }),
  },
  {
    id: 'deliverNow',
    target: 'message',
    label: 'fault.deliver',
    icon: Zap,
    enabled: isFlying,
    effect: (context) => act({ kind: 'deliverMessage', message: message(context) }),
  },
  {
    id: 'holdMessage',
    target: 'message',
    label: 'fault.hold',
    icon: Hand,
    shown: (context) => !isHeld(context),
    enabled: isFlying,
    effect: (context) => act({ kind: 'holdMessage', message: message(context), forUs: null }),
  },
  {
    id: 'releaseMessage',
    target: 'message',
    label: 'fault.release',
    icon: Package,
    shown: isHeld,
    enabled: always,
    effect: (context) => act({ kind: 'releaseMessage', message: message(context) }),
  },
  {
    id: 'healAll',
    target: 'world',
    label: 'fault.healAll',
    icon: Link2,
    key: 'H',
    enabled: always,
    effect: () => act({ kind: 'healAll' }),
  },
  {
    id: 'partition',
    target: 'world',
    label: 'fault.partition',
    icon: Split,
    key: 'P',
    enabled: always,
    effect: (context) => open({ kind: 'partition', side: context.selection }),
  },
];

export const entriesFor = (context: FaultContext): readonly FaultEntry[] =>
  faultRegistry.filter((entry) => entry.target === context.subject.kind && entry.shown?.(context) !== false);

/** The entry that a key does to a subject now, or null. */
export function entryForKey(key: FaultKey, context: FaultContext): FaultEntry | null {
  return entriesFor(context).find((entry) => entry.key === key && entry.enabled(context)) ?? null;
}

/** The action with a time that the printer needs; the lab replaces it by the next window's. */
export const timed = (action: NewAction): TapeAction => ({ ...action, at: time(0) });
