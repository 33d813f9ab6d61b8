// Holds the figures of a compared run against the trace of its tape, played again: each is counted here by itself.

import type { TracedEvent } from '../../sim/types.ts';
import type { ComparedReport } from './report.ts';

/** Operations of a load that change something. */
const changing: ReadonlySet<string> = new Set(['transfer', 'insert', 'write']);

/** Names of the figures of which the trace says otherwise. */
export function falseFigures(report: ComparedReport, trace: readonly TracedEvent[]): readonly string[] {
  const { from, faultAt, stopAt } = report;
  const isIn = (at: number, first: number, end: number): boolean => at >= first && at < end;
  const acks = trace.flatMap(({ event, at }) =>
    event.kind === 'commit.ack' ? [{ at, volume: event.volume }] : [],
  );
  const countIn = (kind: TracedEvent['event']['kind']): number =>
    trace.filter(({ event, at }) => event.kind === kind && isIn(at, from, stopAt)).length;
  const instants = [faultAt, ...acks.map(({ at }) => at).filter((at) => isIn(at, faultAt, stopAt)), stopAt];
  const pauses = instants.map((at, i) => at - (instants[i - 1] ?? at));
  const writes = new Set<string>();
  let failed = 0;
  for (const { event, at } of trace) {
    if (event.kind === 'op.invoke' && changing.has(event.operation))
      writes.add(`${event.client} ${event.op}`);
    if (event.kind !== 'op.return' || event.outcome !== 'error' || at < faultAt) continue;
    if (writes.has(`${event.client} ${event.op}`)) failed++;
  }
  /** The first of a volume's commits after its writer was lost, or where nobody wrote there any more nothing. */
  const isOutage = ({ volume, from: lost, opened, commit }: ComparedReport['outages'][number]): boolean =>
    trace[lost.event]?.at === lost.at &&
    (opened === null || (trace[opened.event]?.at === opened.at && opened.at >= lost.at)) &&
    (commit === null ||
      acks.some(
        (ack) => ack.volume === volume && ack.at === commit.at && opened !== null && ack.at >= opened.at,
      ));
  const isSo: Readonly<Record<string, boolean>> = {
    commitsBefore: report.commitsBefore === acks.filter(({ at }) => isIn(at, from, faultAt)).length,
    slices:
      report.slices.reduce((sum, one) => sum + one, 0) ===
      acks.filter(({ at }) => isIn(at, from, from + report.slices.length * report.sliceUs)).length,
    pause: report.pause.value === Math.max(...pauses),
    failed: report.failed.value === failed,
    storedPages: report.storedPages === countIn('page.stored'),
    builtPages: report.builtPages === countIn('page.materialise'),
    outages: report.outages.every(isOutage),
  };
  return Object.entries(isSo).flatMap(([name, holds]) => (holds ? [] : [name]));
}
