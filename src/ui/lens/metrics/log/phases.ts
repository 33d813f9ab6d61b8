// Phases of the cluster as spans behind the charts: a recovery of the writer, a change of members, a
// restore, a group below its write quorum, an object store that does not answer. From events alone.

import type { ListedEvent } from '../../../../run-model/picture/frame.ts';
import type { Phase } from '../metrics-table.ts';
import '../../../../words/lens/metrics-log-chart.en.json';

const marks = {
  recovery: { letter: 'R', title: 'phase.recovery' },
  move: { letter: 'M', title: 'phase.move' },
  restore: { letter: 'P', title: 'phase.restore' },
  noQuorum: { letter: 'Q', title: 'phase.noQuorum' },
  outage: { letter: 'O', title: 'phase.outage' },
} as const;
type PhaseKind = keyof typeof marks;

export const phaseKinds = [
  'recovery.step',
  'recovery.done',
  'meta.writer',
  'volume.fenced',
  'node.down',
  'group.move.begin',
  'group.move.done',
  'restore.begin',
  'restore.done',
  'restore.failed',
  'restore.cancelled',
  'group.quorum',
  'archive.outage',
] as const;

/** Begins and ends of phases, by what they are about. */
export function findPhases(events: readonly ListedEvent[]): readonly Phase[] {
  const ended: Phase[] = [];
  const open = new Map<string, Phase>();
  /** Writers that have gone no further than to their token. */
  const fresh = new Set<string>();
  const begin = (kind: PhaseKind, of: string, from: number): void => {
    const key = `${kind} ${of}`;
    if (!open.has(key)) open.set(key, { ...marks[kind], of, from, to: null });
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
