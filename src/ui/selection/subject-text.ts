// Display names of subjects: in the breadcrumb, in menus, and wherever a selection is named. Empty for the whole cluster.

import type { WorldFrame } from '../../run-model/picture/frame.ts';
import type { Subject } from '../../state/subject.ts';
import { flightName } from '../glyphs/flight-text.ts';
import type { Translate } from '../i18n/i18n.ts';
import { groupDigits, spanText } from '../kit/format.ts';
import { knownTables, tablesIn } from '../model/known-names.ts';
import { pageName } from '../model/page-name.ts';
import '../../words/selection.en.json';

/** What can be selected, and what else a menu is opened on. */
type Named =
  | Subject
  | { readonly kind: 'records'; readonly first: number; readonly last: number }
  | { readonly kind: 'zone' | 'world' };

export function subjectText(subject: Named, frame: WorldFrame | null, t: Translate): string {
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
    case 'lsn':
      return `LSN ${groupDigits(subject.lsn)}`;
    case 'mtr':
      return `MTR ${spanText(subject.first, subject.last)}`;
    case 'records':
      return `LSN ${spanText(subject.first, subject.last)}`;
    case 'page':
      return pageName(
        subject.blockKey,
        (frame === null ? null : tablesIn(frame)) ?? knownTables.getState().tables,
        t,
      );
    case 'request':
      return `${subject.id} ${subject.node}`;
    case 'event':
      return t('subject.event', { index: groupDigits(subject.listed.index) });
    case 'row':
      return `${subject.table} ${subject.key}`;
    case 'trace':
      return t('subject.trace', { id: subject.id });
    case 'zone':
    case 'world':
      return '';
  }
}
