// A reader on the map, below its watermarks: how far it is behind the writer, and what it waits for.

import type { ReactNode } from 'react';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import type { ReaderView } from '../../../core/reader/reader-view.ts';
import { useFrame } from '../../../state/frame-store.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { Chip, hueStyle } from '../../kit/button.tsx';
import { Pair } from '../../kit/fact.tsx';
import { duration, groupDigits } from '../../kit/format.ts';
import { Term } from '../../kit/term.tsx';
import { laggingLsns, lagText, readerLag, writerVdl } from '../../model/reader-lag.ts';
import '../../../words/cynosdb/reader-card.en.json';

export interface ReaderPart {
  readonly view: ComputeView;
  readonly reader: ReaderView;
  readonly t: Translate;
}

/** Silence after which the card says so, µs: the writer sends something every 100 ms. */
const silenceUs = 150_000;

const useLag = ({ view, reader }: ReaderPart): number =>
  useFrame(({ nodes }) => readerLag(reader, writerVdl(nodes, view.volume)));

export function ReaderChip(part: ReaderPart): ReactNode {
  const { reader, t } = part;
  const lag = useLag(part);
  if (reader.session === 'revoked') return <Chip hue="fence">{t('chip.revoked')}</Chip>;
  if (reader.classic && reader.classic.phase !== 'ready')
    return <Chip hue="hole">{t('chip.replaying')}</Chip>;
  if (reader.session === 'joining') return <Chip hue="hole">{t('chip.joining')}</Chip>;
  if (lag >= laggingLsns)
    return (
      <Chip hue="hole">
        <Term of="readerLag">{t('chip.lagging')}</Term>
      </Chip>
    );
  if (reader.classic) return <Chip>{t('chip.classic')}</Chip>;
  return (
    <Chip>
      <Term of="ro">RO</Term>
    </Chip>
  );
}

/** What it waits for, the most important first; null: nothing. */
export function readerWait(
  { session, silentUs, waits, pageReads, held, classic, applyLsn }: ReaderView,
  t: Translate,
): string | null {
  if (classic?.phase === 'replaying')
    return t('reader.replays', {
      to: groupDigits(classic.minRecovery),
      left: Math.max(0, classic.minRecovery - applyLsn),
    });
  if (session !== 'joined') return t('reader.waitsWriter');
  if (silentUs !== null && silentUs >= silenceUs) return t('reader.silent', { time: duration(silentUs) });
  if (waits > 0) return t('reader.waitsLsn', { count: waits });
  if (pageReads > 0) return t('reader.waitsPages', { count: pageReads });
  return held > 0 ? t('reader.waitsVdl', { count: held }) : null;
}

export function ReaderBody(part: ReaderPart): ReactNode {
  const { reader, t } = part;
  const lag = useLag(part);
  const wait = readerWait(reader, t);
  return (
    <>
      <Pair label={t('card.lag')} term="readerLag">
        {lagText(lag, t)}
      </Pair>
      {wait === null ? (
        <div className="bar mt-0.5" style={hueStyle(lag >= laggingLsns ? 'hole' : 'reader')}>
          <i style={{ width: `${Math.min(100, (Math.max(0, lag) / (4 * laggingLsns)) * 100)}%` }} />
        </div>
      ) : (
        <div
          title={wait}
          className={reader.session === 'joined' ? 'truncate text-muted' : 'truncate text-fence'}
        >
          {wait}
        </div>
      )}
    </>
  );
}

export const ReaderFoot = ({ view, reader, t }: ReaderPart): ReactNode => (
  <>
    <span>{t('card.sessions', { count: view.sessions })}</span>
    <span>{t('card.pool', { used: view.buffer.used, limit: view.buffer.limit })}</span>
    <span className="flex-1" />
    <span className="mono">{reader.records > 0 ? t('card.journal', { count: reader.records }) : ''}</span>
  </>
);
