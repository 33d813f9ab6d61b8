// A node's links, each with its state, latency and messages in flight; choosing one selects it. The tab of their own shows
// each direction with all that is set on it.

import type { ReactNode } from 'react';
import { useFlightFilter } from '../../state/flight-filter.ts';
import { useFrame } from '../../state/frame-store.ts';
import { type LinkPair, linkShape } from '../../state/link-pair.ts';
import { selectLink } from '../../state/selection-store.ts';
import { inFlight } from '../canvas/flight-fate.ts';
import { openMenuOf } from '../faults/menu-store.ts';
import { useT } from '../i18n/i18n.ts';
import { latencyText, linkStateText } from '../model/link-words.ts';
import { DataTable } from '../plot/data-table.tsx';
import '../../words/model/summary.en.json';
import '../../words/inspector.en.json';

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
  readonly flying: (from: string, to: string) => number;
} {
  const filter = useFlightFilter();
  const state = useFrame((whole) => whole);
  const flights = inFlight(state, filter);
  return {
    own: Object.values(state.links).filter((pair) => pair.a === id || pair.b === id),
    flying: (from, to) => flights.filter((flight) => flight.from === from && flight.to === to).length,
  };
}

/** A row for each direction: its latency, its loss, what is in flight on it. */
export function NodeDirections({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const { own, flying } = useLinksOf(id);
  const rows = own.flatMap((pair) =>
    [pair.there, pair.back].flatMap((link) => (link === null ? [] : [{ pair, link }])),
  );
  return (
    <DataTable
      label={t('inspector.linksOf', { node: id })}
      rows={rows}
      keyOf={({ link: { from, to } }) => `${from} ${to}`}
      columns={[
        [
          t('links.direction'),
          ({ pair, link: { from, to } }) => <LinkButton pair={pair} text={`${from} → ${to}`} />,
        ],
        [
          t('links.state'),
          ({ link }) => (link.cut ? t('links.cut') : link.held ? t('links.held') : t('link.normal')),
          ({ link }) => (link.cut || link.held ? 'font-semibold text-hole' : ''),
        ],
        [t('links.latency'), ({ link }) => latencyText(link), 'n'],
        [
          t('links.loss'),
          ({ link: { lossPercent } }) => (
            <span className={lossPercent > 0 ? 'text-hole' : ''}>{`${lossPercent} %`}</span>
          ),
          'n',
        ],
        [t('links.inFlight'), ({ link: { from, to } }) => flying(from, to), 'n'],
      ]}
    />
  );
}

export function NodeLinks({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const { own, flying } = useLinksOf(id);
  const latency = (pair: LinkPair): string => {
    const link = pair.a === id ? pair.there : pair.back;
    return link === null || link.cut ? '–' : latencyText(link);
  };
  return (
    <DataTable
      label={t('inspector.linksOf', { node: id })}
      rows={own}
      keyOf={({ key }) => key}
      columns={[
        [t('links.to'), (pair) => <LinkButton pair={pair} text={pair.a === id ? pair.b : pair.a} />],
        [
          t('links.state'),
          (pair) => linkStateText(pair, t),
          (pair) => (linkShape(pair) === 'normal' ? '' : 'font-semibold text-hole'),
        ],
        [t('links.latency'), latency, 'n'],
        [t('links.inFlight'), ({ a, b }) => flying(a, b) + flying(b, a), 'n'],
      ]}
    />
  );
}
