// The peers of a replica as a ring (HOLE-25): who was asked last (the cursor), who is next, who may not be asked.

import type { ReactNode } from 'react';
import type { StoreGroupView } from '../../../../../core/log-store/store-view.ts';
import { openHoles } from '../../../../../core/log-store/store-view.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { hoverKey } from '../../../../selection/hover.ts';
import '../../../../../words/cynosdb/wal.en.json';
import '../../../../../words/model/request.en.json';

const width = 184;
const pillHeight = 26;

export function RequestRing({ list }: { readonly list: StoreGroupView }): ReactNode {
  const t = useT();
  // Who may not be asked matters while there is something to ask for.
  const asks = openHoles(list) > 0;
  const peers = list.peers.map((peer) => ({ ...peer, barred: asks ? peer.ineligible : null }));
  if (peers.length === 0) return <p className="text-[12px] text-muted">{t('lens.noPeers')}</p>;
  const rows = Math.ceil(peers.length / 2);
  const height = rows * 46 + 46;
  const place = (i: number): readonly [number, number] => {
    // Round the ring clockwise: down the right half, up the left one.
    const onRight = i >= 1 && i <= Math.floor(peers.length / 2);
    const row = onRight ? i - 1 : i === 0 ? 0 : peers.length - i;
    return [onRight ? 96 : 0, 33 + Math.max(0, row) * 46];
  };
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={t('lens.ringLabel', { peers: peers.map(({ peer }) => peer).join(t('list.comma')) })}
    >
      <rect
        x={56}
        y={10}
        width={72}
        height={Math.max(72, rows * 46 + 26)}
        rx={36}
        fill="none"
        stroke="var(--border-control)"
        strokeWidth={1.5}
      />
      {peers.map((peer, i) => {
        const [x, y] = place(i);
        const isCursor = peer.peer === list.cursor;
        const role = isCursor ? t('lens.cursor') : peer.peer === list.next ? t('lens.next') : '';
        return (
          <g key={peer.peer} data-hover={hoverKey({ kind: 'node', id: peer.peer })}>
            <rect
              x={x}
              y={y}
              width={88}
              height={pillHeight}
              rx={13}
              fill="var(--bg-1)"
              stroke={isCursor ? 'var(--hole)' : 'var(--border-control)'}
              strokeWidth={isCursor ? 2 : 1.5}
            />
            <text
              x={x + 44}
              y={y + 17.5}
              textAnchor="middle"
              fontSize={13}
              fontWeight={600}
              fill={peer.barred === null ? 'var(--text)' : 'var(--text-muted)'}
              {...(peer.barred === null ? {} : { textDecoration: 'line-through' })}
            >
              {peer.peer}
            </text>
            <text
              x={x + 44}
              y={y + 40}
              stroke="var(--bg-1)"
              strokeWidth={4}
              paintOrder="stroke"
              textAnchor="middle"
              fontSize={12}
              fontWeight={isCursor ? 600 : 400}
              fill={isCursor ? 'var(--hole)' : 'var(--text-muted)'}
            >
              {peer.barred === null ? role : t(`peer.${peer.barred}`)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
