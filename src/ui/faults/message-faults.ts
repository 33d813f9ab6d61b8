// Faults of one message in flight.

import { Bug, CirclePause, Copy, Hand, LocateFixed, Package, PackageX, TimerReset, Zap } from 'lucide-react';
import type { FlightView } from '../../sim/types.ts';
import { followStore } from '../../state/follow-store.ts';
import { act, always, type FaultContext, type FaultEntry } from './entry.ts';
import '../../words/faults/faults.en.json';

type MessageEntry = Omit<FaultEntry, 'target' | 'section'>;

const idOf = ({ subject }: FaultContext): string => (subject.kind === 'message' ? subject.id : '');
const flightOf = (context: FaultContext): FlightView | undefined =>
  context.frame.flights.find(({ id }) => id === idOf(context));
const isFlying = (context: FaultContext): boolean => flightOf(context)?.fate === 'flying';
const isHeld = (context: FaultContext): boolean => flightOf(context)?.fate === 'held';
const isThere = (context: FaultContext): boolean => isFlying(context) || isHeld(context);

const entries: readonly MessageEntry[] = [
  {
    id: 'drop',
    label: 'fault.drop',
    icon: PackageX,
    enabled: isThere,
    effect: (context) => act({ kind: 'dropMessage', message: idOf(context) }),
  },
  {
    id: 'deliverNow',
    label: 'fault.deliver',
    icon: Zap,
    enabled: isThere,
    effect: (context) => act({ kind: 'deliverMessage', message: idOf(context) }),
  },
  ...(
    [
      ['delayOne', 1],
      ['delayFive', 5],
    ] as const
  ).map(
    ([id, ms]): MessageEntry => ({
      id,
      label: 'fault.delay',
      icon: TimerReset,
      names: () => ({ time: `${ms} ms` }),
      enabled: isFlying,
      effect: (context) => act({ kind: 'delayMessage', message: idOf(context), byUs: ms * 1000 }),
    }),
  ),
  {
    id: 'duplicate',
    label: 'fault.duplicate',
    icon: Copy,
    enabled: isFlying,
    effect: (context) => act({ kind: 'duplicateMessage', message: idOf(context) }),
  },
  {
    id: 'holdMessage',
    label: 'fault.hold',
    icon: Hand,
    shown: (context) => !isHeld(context),
    enabled: isFlying,
    effect: (context) => act({ kind: 'holdMessage', message: idOf(context), forUs: null }),
  },
  {
    id: 'releaseMessage',
    label: 'fault.release',
    icon: Package,
    shown: isHeld,
    enabled: always,
    effect: (context) => act({ kind: 'releaseMessage', message: idOf(context) }),
  },
  {
    id: 'corruptMessage',
    label: 'fault.corrupt',
    icon: Bug,
    enabled: isThere,
    effect: (context) => act({ kind: 'corruptMessage', message: idOf(context) }),
  },
  {
    id: 'pauseBefore',
    label: 'fault.pauseBefore',
    icon: CirclePause,
    enabled: isFlying,
    effect: (context) => {
      const at = flightOf(context)?.arrivesAt ?? 0;
      return {
        kind: 'run',
        run: (lab) => void lab.runUntil(`time >= ${((at - 1) / 1000).toFixed(3)}`),
      };
    },
  },
  {
    id: 'follow',
    label: 'fault.follow',
    icon: LocateFixed,
    enabled: isThere,
    effect: (context) => ({ kind: 'run', run: () => followStore.setState({ message: idOf(context) }) }),
  },
];

export const messageFaults: readonly FaultEntry[] = entries.map((entry) => ({
  ...entry,
  target: 'message',
  section: 'main',
}));
