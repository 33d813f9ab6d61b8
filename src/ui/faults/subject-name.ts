// Name of the subject of a menu; empty for the whole cluster.

import type { WorldFrame } from '../../sim/frame.ts';
import { flightName } from '../glyphs/flight-text.ts';
import type { Translate } from '../i18n/i18n.ts';
import { knownTables, tablesIn } from '../model/known-names.ts';
import { pageName } from '../model/page-name.ts';
import type { MenuSubject } from './menu-store.ts';

export function subjectName(subject: MenuSubject, frame: WorldFrame | null, t: Translate): string {
  switch (subject.kind) {
    case 'node':
    case 'group':
      return subject.id;
    case 'link':
      return `${subject.a}–${subject.b}`;
    case 'message': {
      const flight = frame?.flights.find(({ id }) => id === subject.id);
      return flight === undefined ? subject.id : flightName(flight, t('flight.to'));
    }
    case 'request':
      return `${subject.id} ${subject.node}`;
    case 'records':
      return subject.last - subject.first === 1
        ? `LSN ${subject.first}`
        : `LSN ${subject.first}–${subject.last - 1}`;
    case 'page':
      return pageName(
        subject.blockKey,
        (frame === null ? null : tablesIn(frame)) ?? knownTables.getState().tables,
        t,
      );
    case 'zone':
    case 'world':
      return '';
  }
}
