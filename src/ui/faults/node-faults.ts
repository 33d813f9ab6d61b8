// Faults of a node: its power, its time, its disk, its links.

import {
  AlarmClock,
  CirclePower,
  ClockAlert,
  Cpu,
  Eraser,
  HardDrive,
  Hourglass,
  Link2,
  ListX,
  Pause,
  RotateCcw,
  Scissors,
  SlidersHorizontal,
  Snowflake,
  Split,
  Sun,
  TimerOff,
  Unplug,
  ZapOff,
} from 'lucide-react';
import { nodeId } from '../../base/ids.ts';
import { crashMoments, rolesAt } from '../../stacks/crash-moments.ts';
import { stackOf } from '../../stacks/preset-names.ts';
import { isImpaired } from '../../state/link-pair.ts';
import {
  act,
  always,
  type FaultContext,
  type FaultEntry,
  frameOf,
  hasRole,
  inSection,
  isDown,
  isUp,
  open,
  type PartEntry,
  statusOf,
  subjectNode,
} from './entry.ts';
import '../../words/faults/faults.en.json';

type NodeEntry = PartEntry;

const touches = (context: FaultContext): boolean =>
  context.frame.links.some(
    (link) => isImpaired(link) && (link.from === subjectNode(context) || link.to === subjectNode(context)),
  );

const power: readonly NodeEntry[] = [
  {
    id: 'crash',
    label: 'fault.crash',
    icon: ZapOff,
    key: 'C',
    enabled: isUp,
    effect: (context) => act({ kind: 'crash', node: subjectNode(context), mode: 'drawn', forUs: null }),
  },
  {
    id: 'restart',
    label: 'fault.restart',
    icon: RotateCcw,
    key: 'R',
    enabled: isDown,
    effect: (context) => act({ kind: 'restart', node: subjectNode(context) }),
  },
  {
    id: 'freeze',
    label: 'fault.freeze',
    icon: Snowflake,
    key: 'Z',
    shown: (context) => statusOf(context) !== 'frozen',
    enabled: (context) => statusOf(context) === 'up',
    effect: (context) => act({ kind: 'freeze', node: subjectNode(context), forUs: null }),
  },
  {
    id: 'resume',
    label: 'fault.resume',
    icon: Sun,
    key: 'Z',
    shown: (context) => statusOf(context) === 'frozen',
    enabled: always,
    effect: (context) => act({ kind: 'resume', node: subjectNode(context) }),
  },
  {
    id: 'cutLinks',
    label: 'fault.cutLinks',
    icon: Scissors,
    key: 'X',
    enabled: always,
    effect: (context) => open({ kind: 'cutLinks', node: subjectNode(context) }),
  },
  {
    id: 'isolate',
    label: 'fault.isolate',
    icon: Unplug,
    enabled: always,
    effect: (context) => act({ kind: 'isolate', nodes: [subjectNode(context)], forUs: null }),
  },
  {
    id: 'healNode',
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
    id: 'powerOffSelection',
    label: 'fault.powerOffSelection',
    icon: CirclePower,
    names: ({ selection }) => ({ count: selection.length }),
    shown: ({ selection, subject }) =>
      selection.length > 1 && subject.kind === 'node' && selection.includes(subject.id),
    enabled: always,
    effect: ({ selection }) => act({ kind: 'powerOff', nodes: selection.map(nodeId), forUs: null }),
  },
  {
    id: 'crashLoseAll',
    section: 'power',
    label: 'fault.crashLoseAll',
    icon: ZapOff,
    enabled: isUp,
    effect: (context) => act({ kind: 'crash', node: subjectNode(context), mode: 'loseAll', forUs: null }),
  },
  {
    id: 'crashTorn',
    section: 'power',
    label: 'fault.crashTorn',
    icon: ZapOff,
    enabled: isUp,
    effect: (context) => act({ kind: 'crash', node: subjectNode(context), mode: 'tornLast', forUs: null }),
  },
  {
    id: 'crashLosing',
    section: 'power',
    label: 'fault.crashLosing',
    icon: ListX,
    enabled: isUp,
    effect: (context) => open({ kind: 'crashLosing', node: subjectNode(context) }),
  },
  {
    id: 'crashKeepingLog',
    section: 'power',
    label: 'fault.crashKeepingLog',
    icon: ListX,
    enabled: isUp,
    effect: (context) =>
      act({
        kind: 'crashKeeping',
        node: subjectNode(context),
        kept: { which: 'only', part: '/log/' },
        forUs: null,
      }),
  },
  {
    id: 'disarm',
    section: 'power',
    label: 'fault.disarm',
    icon: TimerOff,
    shown: (context) => frameOf(context)?.armed !== undefined,
    enabled: always,
    effect: (context) => act({ kind: 'disarm', node: subjectNode(context) }),
  },
];

const aimed: readonly NodeEntry[] = (['before', 'after'] as const).flatMap((when) =>
  crashMoments.map(
    (moment): NodeEntry => ({
      id: `crash.${when}.${moment}`,
      section: when === 'before' ? 'crashBefore' : 'crashAfter',
      label: when === 'before' ? 'fault.crashBefore' : 'fault.crashAfter',
      icon: ZapOff,
      names: () => ({ moment }),
      shown: (context) => hasRole(context, ...rolesAt(moment, stackOf(context.frame))),
      enabled: isUp,
      effect: (context) => act({ kind: 'crashOn', node: subjectNode(context), when, moment }),
    }),
  ),
);

const ofTime: readonly NodeEntry[] = inSection('time', [
  {
    id: 'slowCpu',
    label: 'fault.slowCpu',
    icon: Cpu,
    names: () => ({ time: '0.1 ms' }),
    shown: (context) => frameOf(context)?.slowCpuUs === 0,
    enabled: isUp,
    effect: (context) => act({ kind: 'slowCpu', node: subjectNode(context), usPerInput: 100, forUs: null }),
  },
  {
    id: 'fastCpu',
    label: 'fault.fastCpu',
    icon: Cpu,
    shown: (context) => (frameOf(context)?.slowCpuUs ?? 0) > 0,
    enabled: isUp,
    effect: (context) => act({ kind: 'slowCpu', node: subjectNode(context), usPerInput: 0, forUs: null }),
  },
  ...([50_000, -50_000] as const).map(
    (offsetUs): NodeEntry => ({
      id: offsetUs > 0 ? 'clockAhead' : 'clockBehind',
      label: 'fault.clock',
      icon: AlarmClock,
      names: () => ({ time: `${offsetUs > 0 ? '+' : '−'}50 ms` }),
      enabled: isUp,
      effect: (context) => act({ kind: 'clock', node: subjectNode(context), offsetUs, forUs: null }),
    }),
  ),
  ...([10_000, -10_000] as const).map(
    (ppm): NodeEntry => ({
      id: ppm > 0 ? 'clockFast' : 'clockSlow',
      label: 'fault.clockDrift',
      icon: ClockAlert,
      names: () => ({ percent: ppm > 0 ? '+1' : '−1' }),
      enabled: isUp,
      effect: (context) => act({ kind: 'clockDrift', node: subjectNode(context), ppm, forUs: null }),
    }),
  ),
  {
    id: 'clockRight',
    label: 'fault.clockRight',
    icon: AlarmClock,
    shown: (context) => (frameOf(context)?.clockOffsetUs ?? 0) !== 0,
    enabled: isUp,
    effect: (context) => act({ kind: 'clock', node: subjectNode(context), offsetUs: 0, forUs: null }),
  },
  {
    id: 'clockSteady',
    label: 'fault.clockSteady',
    icon: ClockAlert,
    shown: (context) => frameOf(context)?.clockDriftPpm !== undefined,
    enabled: isUp,
    effect: (context) => act({ kind: 'clockDrift', node: subjectNode(context), ppm: 0, forUs: null }),
  },
]);

/** Clock, CPU and disk by a number of one's own. */
const typedValues: readonly NodeEntry[] = [
  {
    id: 'typedNode',
    label: 'fault.typed',
    icon: SlidersHorizontal,
    enabled: isUp,
    effect: (context) => open({ kind: 'typedFault', subject: { kind: 'node', id: subjectNode(context) } }),
  },
];

const hasDiskFault = (context: FaultContext): boolean => {
  const faults = frameOf(context)?.diskFaults;
  return (
    faults !== undefined &&
    (faults.full ||
      faults.failSync ||
      faults.failRead ||
      faults.stall ||
      faults.slowPercent !== 100 ||
      faults.roomPercent !== 100)
  );
};

const ofDisk: readonly NodeEntry[] = inSection('disk', [
  {
    id: 'diskSlow',
    label: 'fault.diskSlow',
    icon: Hourglass,
    names: () => ({ times: 10 }),
    enabled: isUp,
    effect: (context) => act({ kind: 'diskSlow', node: subjectNode(context), percent: 1000, forUs: null }),
  },
  ...(['diskStall', 'diskFull', 'diskFailSync', 'diskFailRead'] as const).map(
    (kind): NodeEntry => ({
      id: kind,
      label: `fault.${kind}`,
      icon: kind === 'diskStall' ? Pause : HardDrive,
      enabled: isUp,
      effect: (context) => act({ kind, node: subjectNode(context), forUs: null }),
    }),
  ),
  {
    id: 'diskRoom',
    label: 'fault.diskRoom',
    icon: HardDrive,
    enabled: isUp,
    effect: (context) => act({ kind: 'diskRoom', node: subjectNode(context), percent: 200, forUs: null }),
  },
  {
    id: 'diskDropBuffer',
    label: 'fault.dropBuffer',
    icon: Eraser,
    enabled: isUp,
    effect: (context) => act({ kind: 'dropBuffer', node: subjectNode(context) }),
  },
  {
    id: 'diskOk',
    label: 'fault.diskOk',
    icon: HardDrive,
    shown: hasDiskFault,
    enabled: isUp,
    effect: (context) => act({ kind: 'diskOk', node: subjectNode(context) }),
  },
]);

export const nodeFaults: readonly FaultEntry[] = [
  ...power,
  ...typedValues,
  ...aimed,
  ...ofTime,
  ...ofDisk,
].map((entry) => ({
  section: 'main',
  ...entry,
  target: 'node',
}));
