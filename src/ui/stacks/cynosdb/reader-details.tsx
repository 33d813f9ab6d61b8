// A reader in outline, inspector and point of view (docs/spec/readers.md): how far it has received, released and applied the
// log, its read points and the least of them, its pool, its sessions, and what it waits for; and the readers of a writer.

import type { ReactNode } from 'react';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import type { ReaderLinkView, ReaderView } from '../../../core/reader/reader-view.ts';
import type { NodeFrame } from '../../../run-model/picture/frame.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { Fact } from '../../kit/fact.tsx';
import { duration, groupDigits } from '../../kit/format.ts';
import { HeardFact } from '../../kit/heard-fact.tsx';
import { worded } from '../../kit/term.tsx';
import { type Belief, belief } from '../../model/knowledge.ts';
import { computeOf } from '../../model/node-facts.ts';
import { lagText, readerLag, writerVdl } from '../../model/reader-lag.ts';
import { attachmentAt } from '../../model/volumes.ts';
import { readerWait } from './reader-card-parts.tsx';
import '../../../words/cynosdb/reader-detail.en.json';
import '../../../words/model/summary.en.json';

/** Distinct read points listed. */
const pointsListed = 8;

/** Read points of its open views, ascending, each with the number of sessions that read there. */
export function readPointsOf(
  view: ComputeView,
): readonly { readonly at: number; readonly sessions: number }[] {
  const counts = new Map<number, number>();
  for (const { readPoint } of view.log?.sessions ?? [])
    if (readPoint >= 0) counts.set(readPoint, (counts.get(readPoint) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([at, sessions]) => ({ at, sessions }));
}

const Mono = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <span className="mono">{typeof children === 'string' ? worded(children) : children}</span>
);

function ReadPoints({ view }: { readonly view: ComputeView }): ReactNode {
  const t = useT();
  const points = readPointsOf(view);
  if (view.log === undefined) return '–';
  if (points.length === 0) return t('summary.nothing');
  const listed = points.slice(0, pointsListed);
  const rest = points.length - listed.length;
  const texts = listed.map(({ at, sessions }) =>
    sessions > 1 ? `${groupDigits(at)} ×${sessions}` : groupDigits(at),
  );
  return <Mono>{[...texts, ...(rest > 0 ? [`+${rest}`] : [])].join(' · ')}</Mono>;
}

interface PartProps {
  readonly view: ComputeView;
  readonly reader: ReaderView;
}

export function ReaderSummary({ view, reader }: PartProps): ReactNode {
  const t = useT();
  const known = useFrame(({ nodes }) => writerVdl(nodes, view.volume));
  const { counts, runtime, buffer } = { ...reader, buffer: view.buffer };
  return (
    <dl className="facts">
      <Fact label={t('summary.state')}>
        {t(`reader.${reader.session}`, { writer: reader.writer, epoch: reader.epoch })}
      </Fact>
      <Fact label={t('summary.waitingFor')}>{readerWait(reader, t) ?? t('summary.nothing')}</Fact>
      {reader.classic && (
        <Fact label={t('reader.classic')}>{t('reader.classicAt', { ...reader.classic })}</Fact>
      )}
      <Fact label={t('reader.marks')}>
        <Mono>
          {`VDL ${groupDigits(reader.vdl)} · applyLsn ${groupDigits(reader.applyLsn)} · MRPL ${groupDigits(reader.mrpl)}`}
        </Mono>
      </Fact>
      <Fact label={t('card.lag')}>{lagText(readerLag(reader, known), t)}</Fact>
      <Fact label={t('reader.readPoints')}>
        <ReadPoints view={view} />
      </Fact>
      <Fact label={t('reader.stream')}>
        {t('reader.streamAt', {
          to: groupDigits(reader.receivedTo),
          held: reader.held,
          records: reader.records,
          count: reader.blocks,
        })}
      </Fact>
      <Fact label={t('reader.records')}>{t('reader.counts', { ...counts, count: counts.received })}</Fact>
      <Fact label={t('summary.buffer')}>{t('reader.pool', { used: buffer.used, limit: buffer.limit })}</Fact>
      <Fact label={t('reader.sessions')}>
        {t('reader.sessionUse', { count: view.sessions, waits: reader.waits, pages: reader.pageReads })}
      </Fact>
      <Fact label={t('reader.runtime')}>
        {runtime === null
          ? t('summary.nothing')
          : t('reader.runtimeAt', {
              lsn: groupDigits(runtime.asOfLsn),
              count: runtime.activeXids.length,
              minXid: runtime.minXid,
            })}
      </Fact>
    </dl>
  );
}

/** What each reader reported last to its writer, and who of them holds PGMRPL back. */
export function ReaderLinks({
  readers,
  vdl,
}: {
  readonly readers: readonly ReaderLinkView[];
  readonly vdl: number;
}): ReactNode {
  const t = useT();
  return readers.map(({ reader, applyLsn, mrpl, reportedUs, isStreaming }) => (
    <HeardFact key={reader} label={reader}>
      <Mono>{`applyLsn ${groupDigits(applyLsn)} · MRPL ${groupDigits(mrpl)}`}</Mono>
      {mrpl < vdl && ` ${t('reader.holds')}`}
      {` ${isStreaming ? t('reader.reported', { time: duration(reportedUs) }) : t('reader.noStream')}`}
    </HeardFact>
  ));
}

export const readerWords = (
  view: ComputeView,
  reader: ReaderView,
  t: Translate,
): readonly (string | null)[] => [
  t(`reader.${reader.session}`, { writer: reader.writer, epoch: reader.epoch }),
  reader.classic ? t('reader.classic') : null,
  t('tree.readerMarks', { applyLsn: reader.applyLsn, vdl: reader.vdl, mrpl: reader.mrpl }),
  readerWait(reader, t),
  t('reader.pool', view.buffer),
  t('card.sessions', { count: view.sessions }),
];

/** What it knows of the writer's VDL and token. */
export function readerBeliefs(view: ComputeView, reader: ReaderView, other: NodeFrame): readonly Belief[] {
  const compute = computeOf(other);
  const writer = compute === null ? null : attachmentAt(compute, view.volume);
  return writer === null
    ? []
    : [belief('VDL', reader.vdl, writer.vdl), belief('token', reader.token, writer.token)];
}
