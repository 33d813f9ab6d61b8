// Which messages in flight are shown: by family, heartbeats, LSN, client request. Map, list and hover use the same.

import type { FlightView } from '../sim/types.ts';
import { type MapView, useMapView } from './map-view.ts';
import { useSettings } from './settings-store.ts';

export type FlightFilter = Pick<MapView, 'hidden' | 'onlyLsn' | 'onlyTrace'> & {
  readonly heartbeats: boolean;
};

const concernsLsn = ({ range }: FlightView['label'], lsn: number): boolean =>
  range !== null && range[0] <= lsn && lsn < range[1];

export function isShownFlight({ label }: Pick<FlightView, 'label'>, filter: FlightFilter): boolean {
  if (label.family === 'heartbeat' && !filter.heartbeats) return false;
  if (filter.hidden.includes(label.family)) return false;
  if (filter.onlyLsn !== null && !concernsLsn(label, filter.onlyLsn)) return false;
  return filter.onlyTrace === null || label.trace === filter.onlyTrace;
}

/** As it is set now. */
export function useFlightFilter(): FlightFilter {
  const heartbeats = useSettings((settings) => settings.heartbeats);
  const hidden = useMapView((view) => view.hidden);
  const onlyLsn = useMapView((view) => view.onlyLsn);
  const onlyTrace = useMapView((view) => view.onlyTrace);
  return { heartbeats, hidden, onlyLsn, onlyTrace };
}

export const isFiltering = ({ hidden, onlyLsn, onlyTrace }: FlightFilter): boolean =>
  hidden.length > 0 || onlyLsn !== null || onlyTrace !== null;
