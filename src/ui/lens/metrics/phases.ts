// Phases of the cluster as spans behind the charts: a recovery of the writer, a change of members, a
// restore, a group below its write quorum, an object store that does not answer. From events alone.

import type { FaultFrame, ListedEvent } from '../../../sim/frame.ts';

export type PhaseKind = 'recovery' | 'move' | 'restore' | 'noQuorum' | 'outage';

/** A span of virtual time, µs; `to` null: it goes on. */
export interface Phase {
  readonly kind: PhaseKind;
  /** The node, group or volume it is about. */
  readonly of: string;
  readonly from: number;
  readonly to: number | null;
}

/** A fault or a phase. */
export interface Band {
  readonly kind: PhaseKind | 'fault';
  /** The tape's line of a fault; of a phase what it is about. */
  readonly of: string;
  readonly from: number;
  readonly to: number | null;
}

export const bandsOf = (faults: readonly FaultFrame[], phases: readonly Phase[]): readonly Band[] => [
  ...faults.map(({ text, at, until }): Band => ({ kind: 'fault', of: text, from: at, to: until })),
  ...phases,
];

/** Begins and ends of phases, by what they are about. */
export function findPhases(events: readonly ListedEvent[]): readonly Phase[] {
  const ended: Phase[] = [];
  const open = new Map<string, Phase>();
  /** Writers that have gone no further than to their token. */
  const fresh = new Set<string>();
  const begin = (kind: PhaseKind, of: string, from: number): void => {
    const key = `${kind} ${of}`;
    if (!open.has(key)) open.set(key, { kind, of, from, to: null });
  };
  const end = (kind: PhaseKind, of: string, to: number): void => {
    const phase = open.get(`${kind} ${of}`);
    if (phase === undefined) return;
    open.delete(`${kind} ${of}`);
    ended.push({ ...phase, to });
  };
  for (const { event, node, at } of events) {
    switch (event.kind) {
      case 'recovery.step':
        begin('recovery', node, at);
        if (event.step === 'token') fresh.add(node);
        else fresh.delete(node);
        break;
      case 'meta.writer':
        // A volume that has just been made has nothing to recover: it is open when the metadata says so.
        if (event.state === 'OPEN' && fresh.has(event.writer)) end('recovery', event.writer, at);
        break;
      case 'recovery.done':
      case 'volume.fenced':
      case 'node.down':
        end('recovery', node, at);
        break;
      case 'group.move.begin':
        begin('move', event.group, at);
        break;
      case 'group.move.done':
        end('move', event.group, at);
        break;
      case 'restore.begin':
        begin('restore', event.volume, at);
        break;
      case 'restore.done':
      case 'restore.failed':
      case 'restore.cancelled':
        end('restore', event.volume, at);
        break;
      case 'group.quorum':
        if (event.live < event.vw) begin('noQuorum', event.group, at);
        else end('noQuorum', event.group, at);
        break;
      case 'archive.outage':
        if (event.state === 'begin') begin('outage', event.group, at);
        else end('outage', event.group, at);
        break;
      default:
    }
  }
  return [...ended, ...open.values()].sort((a, b) => a.from - b.from);
}
