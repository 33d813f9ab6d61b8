// Display names of selected subjects, in the breadcrumb and wherever a selection is named.

import type { WorldFrame } from '../../sim/frame.ts';
import type { Subject } from '../../state/subject.ts';
import { flightLabel } from '../glyphs/flight-text.ts';
import type { Translate } from '../i18n/i18n.ts';
import { groupDigits, spanText } from '../kit/format.ts';
import { knownTables } from '../model/known-names.ts';
import { pageName } from '../model/page-name.ts';
import './texts.ts';

export function subjectText(subject: Subject, frame: WorldFrame | null, t: Translate): string {
  switch (subject.kind) {
    case 'node':
    case 'group':
      return subject.id;
    case 'link':
      return `${subject.a}–${subject.b}`;
    case 'message': {
      const flight = frame?.flights.find(({ id }) => id === subject.id);
      return flight === undefined ? subject.id : flightLabel(flight);
    }
    case 'lsn':
      return `LSN ${groupDigits(subject.lsn)}`;
    case 'mtr':
      return `MTR ${spanText(subject.first, subject.last)}`;
    case 'page':
      return pageName(subject.blockKey, knownTables.getState().tables, t);
    case 'request':
      return `${subject.id} ${subject.node}`;
    case 'event':
      return t('subject.event', { index: groupDigits(subject.listed.index) });
    case 'row':
      return `${subject.table} ${subject.key}`;
    case 'trace':
      return t('subject.trace', { id: subject.id });
  }
}
