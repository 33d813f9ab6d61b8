// What stands in the cards of PolarDB's nodes besides their watermarks: which pages wait for whom at the writer, how far a reader is behind,
// what a chunk server lacks.

import { type ReactNode, useContext } from 'react';
import type { ChunkView } from '../../../core/chunk/trace-events.ts';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { RunShape } from '../../glyphs/run-shape.tsx';
import { Chip, hueStyle } from '../../kit/button.tsx';
import { CardRoom } from '../../kit/card-room.ts';
import { Pair } from '../../kit/fact.tsx';
import { groupDigits } from '../../kit/format.ts';
import { Term } from '../../kit/term.tsx';
import { storageId } from '../../model/followed-page.ts';
import { laggingLsns, writerVdl } from '../../model/reader-lag.ts';
import { LogStrip } from '../log-strip.tsx';
import { PageLine } from '../page-line.tsx';
import type { RolePart } from '../stack-ui.ts';
import '../../../words/polardb/role.en.json';

type Shared = RolePart<ComputeView>;
type Chunk = RolePart<ChunkView>;

/** LSNs that are durable at the writer and that the reader has not applied; 0 while it has no slot. */
function useLag({ shared, volume }: ComputeView): number {
  const durable = useFrame(({ nodes }) => writerVdl(nodes, volume));
  if (shared === undefined || shared.phase !== 'ready') return 0;
  return Math.max(0, Math.max(durable, shared.durableLsn) - shared.applyLsn);
}

export function SharedChip({ view, t }: Shared): ReactNode {
  const lag = useLag(view);
  if (view.mode !== 'ro')
    return (
      <Chip>
        <Term of="writer">rw</Term>
      </Chip>
    );
  if ((view.shared?.heldLocks ?? []).some(({ users }) => users.length > 0))
    return (
      <Chip hue="hole">
        <Term of="ro">{t('polar.holdsDdl')}</Term>
      </Chip>
    );
  if (lag < laggingLsns)
    return (
      <Chip>
        <Term of="ro">RO</Term>
      </Chip>
    );
  return (
    <Chip hue="hole">
      <Term of="readerLag">{t('polar.lagging')}</Term>
    </Chip>
  );
}

export const SharedNote = ({ view, t }: Shared): ReactNode => (
  <span className="mono text-[12px] text-muted">
    <Term of="token">{t('token.value', { token: view.token })}</Term>
  </span>
);

export const SharedBody = (part: Shared): ReactNode => (
  <>
    <PageLine holder={part.node.id} />
    <SharedState {...part} />
  </>
);

function SharedState({ view, t }: Shared): ReactNode {
  const { shared } = view;
  const lag = useLag(view);
  if (shared === undefined) return null;
  if (view.mode === 'ro') {
    return shared.phase === 'ready' ? (
      <>
        <Pair label={t('polar.behind')} term="readerLag">
          {t('lens.span', { count: lag })}
        </Pair>
        <div className="bar mt-0.5" style={hueStyle(lag >= laggingLsns ? 'hole' : 'reader')}>
          <i style={{ width: `${Math.min(100, (lag / (4 * laggingLsns)) * 100)}%` }} />
        </div>
      </>
    ) : (
      <Pair label={t('polar.step')}>{t(`polar.phase.${shared.phase}`)}</Pair>
    );
  }
  if (shared.phase !== 'open') return <Pair label={t('polar.step')}>{t(`polar.phase.${shared.phase}`)}</Pair>;
  const { dirty, blocked, room } = shared;
  const full = room?.what ?? '';
  const awaited = [...new Set((shared.locks ?? []).flatMap(({ waitsFor }) => waitsFor))].join(
    t('list.comma'),
  );
  const words =
    full !== ''
      ? t(`polar.full.${full}`)
      : awaited !== ''
        ? t('polar.ddlWaits', { by: awaited })
        : blocked > 0
          ? t('polar.blockedCount', { count: blocked })
          : t('polar.noneBlocked');
  return (
    <>
      <Pair label={t('polar.unstored')} term="flushList">
        {dirty}
      </Pair>
      <div
        title={words}
        className={
          full !== ''
            ? 'truncate text-fence'
            : awaited !== '' || blocked > 0
              ? 'truncate text-hole'
              : 'truncate text-muted'
        }
      >
        {words}
      </div>
    </>
  );
}

export const SharedFoot = ({ view, t }: Shared): ReactNode => (
  <>
    {view.mode === 'ro' ? (
      <span>{t('polar.sessions', { count: view.sessions })}</span>
    ) : (
      <Term of="transaction">{t('card.txActive', { count: view.activeTransactions })}</Term>
    )}
    <span>{t('polar.pool', { used: view.buffer.used, limit: view.buffer.limit })}</span>
    <span className="flex-1" />
    {view.mode === 'ro' ? (
      <span>{t('polar.outdatedCount', { count: view.shared?.outdated ?? 0 })}</span>
    ) : (
      <Term of="consistentLsn">{`cons. ${groupDigits(view.shared?.consistentLsn ?? 0)}`}</Term>
    )}
  </>
);

/** Of a writer the log that is safe, of a reader that which it has seen. */
export function SharedStrip({ view }: Shared): ReactNode {
  const { shared, volume, mode, tail } = view;
  const durable = useFrame(({ nodes }) => writerVdl(nodes, volume));
  if (shared === undefined) return null;
  const { applyLsn, durableLsn } = shared;
  return mode === 'ro' ? (
    <LogStrip safe={applyLsn} last={Math.max(applyLsn, durable, durableLsn)} rest="volatile" />
  ) : (
    <LogStrip safe={durableLsn} last={Math.max(durableLsn, tail)} rest="volatile" />
  );
}

/** A square for each of its chunks: filled where it leads, hatched where it lacks blocks. */
export function ChunkStrip({ view: { chunks } }: Chunk): ReactNode {
  const width = useContext(CardRoom);
  const size = Math.min(22, width / Math.max(1, chunks.length));
  return (
    <svg width={width} height={14} aria-hidden="true">
      {chunks.map(({ group, isLeader, wanted }, i) => (
        <RunShape
          key={group}
          kind={wanted > 0 ? 'hole' : isLeader ? 'volatile' : 'data'}
          x={i * size}
          y={0}
          width={size - 2}
          height={14}
        />
      ))}
    </svg>
  );
}

const lacking = ({ chunks }: ChunkView): number => chunks.reduce((sum, { wanted }) => sum + wanted, 0);

export const ChunkChip = ({ view, t }: Chunk): ReactNode =>
  view.chunks.length === 0 ? (
    <Chip>{t('chip.empty')}</Chip>
  ) : lacking(view) === 0 ? (
    <Chip>
      <Term of="whole">{t('chip.whole')}</Term>
    </Chip>
  ) : (
    <Chip hue="hole">{t('polar.repairs')}</Chip>
  );

export function ChunkBody({ view, t }: Chunk): ReactNode {
  const behind = view.chunks.filter(({ commit, applied }) => applied < commit).length;
  const lacks = lacking(view);
  const words =
    lacks > 0
      ? t('polar.lacksBlocks', { count: lacks })
      : behind > 0
        ? t('polar.applies', { count: behind })
        : t('polar.allApplied');
  return (
    <>
      <PageLine holder={storageId} groups={view.chunks.map(({ group }) => group)} />
      <Pair label={t('polar.blocks')} term="block">
        {view.chunks.reduce((sum, { written }) => sum + written, 0)}
      </Pair>
      <div className={lacks > 0 ? 'truncate text-hole' : 'truncate text-muted'} title={words}>
        {words}
      </div>
    </>
  );
}

export const ChunkFoot = ({ node: { disk }, t }: Chunk): ReactNode => (
  <>
    <Term of="unsynced">{t('card.diskPending', { count: disk?.pending ?? 0 })}</Term>
    {(disk?.volatileWrites ?? 0) > 0 && (
      <span className="text-wal">
        <Term of="unsynced">{t('card.volatile', { count: disk?.volatileWrites ?? 0 })}</Term>
      </span>
    )}
  </>
);
