// A reader on the map: its visible LSN, VDL as it knows it, its least read point, how far it is behind the writer, and what
// it waits for. Parts of the compute node's card, for a seat of mode `ro`.

import { BookOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import type { ReaderView } from '../../../core/reader/reader-view.ts';
import { useFrame } from '../../../state/frame-store.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { Chip, hueStyle } from '../../kit/button.tsx';
import { Pair } from '../../kit/fact.tsx';
import { duration, groupDigits } from '../../kit/format.ts';
import { Term } from '../../kit/term.tsx';
import type { CardMark } from '../../model/node-facts.ts';
import { laggingLsns, readerLag, writerVdl } from '../../model/reader-lag.ts';

interface Part {
  readonly view: ComputeView;
  readonly reader: ReaderView;
  readonly t: Translate;
}

export const readerIcon = BookOpen;

/** Silence after which the card says so, µs: the writer sends something every 100 ms. */
const silenceUs = 150_000;

const useLag = ({ view, reader }: Part): number =>
  useFrame(({ nodes }) => readerLag(reader, writerVdl(nodes, view.volume)));

export const readerMarks = ({ applyLsn, vdl, mrpl }: ReaderView): readonly CardMark[] => [
  { label: 'applyLsn', term: 'applyLsn', value: groupDigits(applyLsn) },
  { label: 'VDL', term: 'vdl', value: groupDigits(vdl) },
  { label: 'MRPL', term: 'mrpl', value: groupDigits(mrpl) },
];

export const spokenReader = (reader: ReaderView, t: Translate): readonly string[] => [
  `applyLsn ${reader.applyLsn}`,
  t('token.value', { token: reader.token }),
];

export function ReaderChip(part: Part): ReactNode {
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
  if (silentUs >= silenceUs) return t('reader.silent', { time: duration(silentUs) });
  if (waits > 0) return t('reader.waitsLsn', { count: waits });
  if (pageReads > 0) return t('reader.waitsPages', { count: pageReads });
  return held > 0 ? t('reader.waitsVdl', { count: held }) : null;
}

export function ReaderBody(part: Part): ReactNode {
  const { reader, t } = part;
  const lag = useLag(part);
  const wait = readerWait(reader, t);
  return (
    <>
      <Pair label={t('card.lag')} term="readerLag">
        {t('lens.span', { count: lag })}
      </Pair>
      {wait === null ? (
        <div className="bar mt-0.5" style={hueStyle(lag >= laggingLsns ? 'hole' : 'reader')}>
          <i style={{ width: `${Math.min(100, (lag / (4 * laggingLsns)) * 100)}%` }} />
        </div>
      ) : (
        <div className={reader.session === 'joined' ? 'truncate text-muted' : 'truncate text-fence'}>
          {wait}
        </div>
      )}
    </>
  );
}

export const ReaderFoot = ({ view, reader, t }: Part): ReactNode => (
  <>
    <span>{t('card.sessions', { count: view.sessions })}</span>
    <span>{t('card.pool', { used: view.buffer.used, limit: view.buffer.limit })}</span>
    <span className="flex-1" />
    <span className="mono">{reader.records > 0 ? t('card.journal', { count: reader.records }) : ''}</span>
  </>
);
