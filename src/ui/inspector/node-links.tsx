// A node's links, each with its state, latency and messages in flight; choosing one selects it.

import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { linkShape } from '../../state/link-pair.ts';
import { selectLink } from '../../state/selection-store.ts';
import { linkStateText } from '../canvas/link-words.ts';
import { openMenuOf } from '../faults/menu-store.ts';
import { useT } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';

export function NodeLinks({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const links = useFrame((state) => state.links);
  const flights = useFrame((state) => state.frame?.flights) ?? [];
  const own = Object.values(links).filter((pair) => pair.a === id || pair.b === id);
  return (
    <table className="data-table" aria-label={t('inspector.linksOf', { node: id })}>
      <thead>
        <tr>
          <th>{t('links.to')}</th>
          <th>{t('links.state')}</th>
          <th className="n">{t('links.latency')}</th>
          <th className="n">{t('links.inFlight')}</th>
        </tr>
      </thead>
      <tbody>
        {own.map((pair) => {
          const other = pair.a === id ? pair.b : pair.a;
          const shape = linkShape(pair);
          const count = flights.filter(
            (flight) =>
              (flight.from === pair.a && flight.to === pair.b) ||
              (flight.from === pair.b && flight.to === pair.a),
          ).length;
          const direction = pair.a === id ? pair.there : pair.back;
          return (
            <tr key={pair.key}>
              <td>
                <button
                  type="button"
                  className="font-semibold underline-offset-2 hover:underline"
                  onClick={() => selectLink(pair.a, pair.b)}
                  onContextMenu={(event) => {
                    event.preventDefault();
                    openMenuOf({ kind: 'link', a: pair.a, b: pair.b }, event.currentTarget);
                  }}
                >
                  {other}
                </button>
              </td>
              <td className={shape === 'normal' ? '' : 'font-semibold text-hole'}>
                {linkStateText(pair, t)}
              </td>
              <td className="n">
                {direction === null || direction.cut
                  ? '–'
                  : `${duration(direction.baseUs)} + ${duration(direction.jitterUs)}`}
              </td>
              <td className="n">{count}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
