// Messages in flight as a list: the same objects and menus as on the map, for keyboard and screen readers. Those that the map
// still shows where they were lost have a list of their own.

import { EllipsisVertical } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FlightView } from '../../sim/types.ts';
import { isShownFlight, useFlightFilter } from '../../state/flight-filter.ts';
import { useFrame } from '../../state/frame-store.ts';
import { isLitFlight } from '../../state/highlight.ts';
import { selectMessage, useSelection, useSelectionScope } from '../../state/selection-store.ts';
import { inFlight } from '../canvas/flight-fate.ts';
import { openMenuAt, openMenuOf } from '../faults/menu-store.ts';
import { flightName } from '../glyphs/flight-text.ts';
import { Glyph } from '../glyphs/glyph.tsx';
import { useT } from '../i18n/i18n.ts';
import { EmptyState, IconButton } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { hoverKey } from '../selection/hover.ts';
import '../../words/dock/dock.en.json';

/** Rows drawn; a count says how many more there are. */
const rowLimit = 200;

interface RowProps {
  readonly flight: FlightView;
  readonly isLost: boolean;
}

function Row({ flight, isLost }: RowProps): ReactNode {
  const t = useT();
  const scope = useSelectionScope();
  const subject = useSelection((selection) => selection.subject);
  const fate = isLost ? t('fate.lost') : flight.fate === 'held' ? t('fate.held') : '';
  const name = flightName(flight, t('flight.to'));
  const selected = subject?.kind === 'message' && subject.id === flight.id;
  return (
    <li
      data-hover={hoverKey({ kind: 'message', id: flight.id })}
      aria-label={fate === '' ? name : `${name}, ${fate}`}
      className={`flex min-h-8 items-center gap-2 rounded-control px-1 ${selected ? 'bg-raised' : ''} ${isLitFlight(scope, flight) ? '' : 'dim'}`}
      onContextMenu={(event) => {
        event.preventDefault();
        selectMessage(flight.id);
        openMenuAt({ kind: 'message', id: flight.id }, { x: event.clientX, y: event.clientY });
      }}
    >
      <Glyph family={flight.label.family} lost={isLost} size={22} />
      <button
        type="button"
        className="mono min-h-6 truncate text-left text-[12px]"
        onClick={() => selectMessage(flight.id)}
      >
        {name}
      </button>
      {flight.label.group !== null && <span className="text-[12px] text-muted">{flight.label.group}</span>}
      {fate !== '' && <span className="chip">{fate}</span>}
      <span className="flex-1" />
      <span className="mono text-[12px] whitespace-nowrap text-muted">{`${millis(flight.sentAt)} → ${millis(flight.arrivesAt)}`}</span>
      <IconButton
        small
        icon={EllipsisVertical}
        label={t('flight.menuOf', { name })}
        onClick={(event) => openMenuOf({ kind: 'message', id: flight.id }, event.currentTarget)}
      />
    </li>
  );
}

const listClass = 'grid grid-cols-1 gap-x-6 min-[1500px]:grid-cols-2';

export function InFlight(): ReactNode {
  const t = useT();
  const filter = useFlightFilter();
  const state = useFrame((whole) => whole);
  const flying = inFlight(state, filter);
  const lost = (state.frame?.flights ?? []).filter(
    (flight) => isShownFlight(flight, filter) && !flying.includes(flight),
  );
  if (flying.length + lost.length === 0) return <EmptyState>{t('flight.none')}</EmptyState>;
  return (
    <div className="h-full overflow-y-auto px-3 py-2">
      <ul aria-label={t('dock.inFlight')} className={listClass}>
        {flying.slice(0, rowLimit).map((flight) => (
          <Row key={flight.id} flight={flight} isLost={false} />
        ))}
      </ul>
      {flying.length > rowLimit && (
        <p className="p-2 text-muted">{t('flight.more', { count: flying.length - rowLimit })}</p>
      )}
      {lost.length > 0 && (
        <>
          <h3 className="heading">{t('flight.lost')}</h3>
          <ul aria-label={t('flight.lost')} className={listClass}>
            {lost.slice(0, rowLimit).map((flight) => (
              <Row key={flight.id} flight={flight} isLost />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
