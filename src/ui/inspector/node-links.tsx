// A node's links, each with its state, latency and messages in flight; choosing one selects it. The tab of their own shows
// each direction with all that is set on it.

import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { type LinkPair, linkShape } from '../../state/link-pair.ts';
import { selectLink } from '../../state/selection-store.ts';
import { openMenuOf } from '../faults/menu-store.ts';
import { useT } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';
import { linkStateText } from '../model/link-words.ts';

interface LinkButtonProps {
  readonly pair: LinkPair;
  readonly text: string;
}

function LinkButton({ pair, text }: LinkButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="min-h-6 font-semibold underline-offset-2 hover:underline"
      onClick={() => selectLink(pair.a, pair.b)}
      onContextMenu={(event) => {
        event.preventDefault();
        openMenuOf({ kind: 'link', a: pair.a, b: pair.b }, event.currentTarget);
      }}
    >
      {text}
    </button>
  );
}

/** Links of a node, and how many messages fly from one end to another. */
function useLinksOf(id: string): {
  readonly own: readonly LinkPair[];
  readonly inFlight: (from: string, to: string) => number;
} {
  const links = useFrame((state) => state.links);
  const flights = useFrame((state) => state.frame?.flights) ?? [];
  return {
    own: Object.values(links).filter((pair) => pair.a === id || pair.b === id),
    inFlight: (from, to) => flights.filter((flight) => flight.from === from && flight.to === to).length,
  };
}

/** A row for each direction: its latency, its loss, what is in flight on it. */
export function NodeDirections({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const { own, inFlight } = useLinksOf(id);
  return (
    <table className="data-table" aria-label={t('inspector.linksOf', { node: id })}>
      <thead>
        <tr>
          <th>{t('links.direction')}</th>
          <th>{t('links.state')}</th>
          <th className="n">{t('links.latency')}</th>
          <th className="n">{t('links.loss')}</th>
          <th className="n">{t('links.inFlight')}</th>
        </tr>
      </thead>
      <tbody>
        {own.flatMap((pair) =>
          [pair.there, pair.back].map((link) => {
            if (link === null) return null;
            const { from, to } = link;
            return (
              <tr key={`${from} ${to}`}>
                <td>
                  <LinkButton pair={pair} text={`${from} → ${to}`} />
                </td>
                <td className={link.cut || link.held ? 'font-semibold text-hole' : ''}>
                  {link.cut ? t('links.cut') : link.held ? t('links.held') : t('link.normal')}
                </td>
                <td className="n">{`${duration(link.baseUs)} + ${duration(link.jitterUs)}`}</td>
                <td className={`n ${link.lossPercent > 0 ? 'text-hole' : ''}`}>{`${link.lossPercent} %`}</td>
                <td className="n">{inFlight(from, to)}</td>
              </tr>
            );
          }),
        )}
      </tbody>
    </table>
  );
}

export function NodeLinks({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const { own, inFlight } = useLinksOf(id);
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
          const direction = pair.a === id ? pair.there : pair.back;
          return (
            <tr key={pair.key}>
              <td>
                <LinkButton pair={pair} text={other} />
              </td>
              <td className={shape === 'normal' ? '' : 'font-semibold text-hole'}>
                {linkStateText(pair, t)}
              </td>
              <td className="n">
                {direction === null || direction.cut
                  ? '–'
                  : `${duration(direction.baseUs)} + ${duration(direction.jitterUs)}`}
              </td>
              <td className="n">{inFlight(pair.a, pair.b) + inFlight(pair.b, pair.a)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
