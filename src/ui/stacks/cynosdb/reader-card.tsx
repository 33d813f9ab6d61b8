// A reader on the map: its visible LSN, VDL as it knows it, its least read point. Parts of the compute node's card, for an attachment of mode `ro`;
// what stands below the watermarks loads with the first reader.

import { BookOpen } from 'lucide-react';
import type { ReaderView } from '../../../core/reader/reader-view.ts';
import type { Translate } from '../../i18n/i18n.ts';
import { groupDigits } from '../../kit/format.ts';
import type { CardMark } from '../../model/node-facts.ts';
import { late } from '../late-part.tsx';
import type { ReaderPart } from './reader-card-parts.tsx';

export const readerIcon = BookOpen;

const parts = () => import('./reader-card-parts.tsx');

export const ReaderChip = late<ReaderPart>(async () => (await parts()).ReaderChip);
export const ReaderBody = late<ReaderPart>(async () => (await parts()).ReaderBody);
export const ReaderFoot = late<ReaderPart>(async () => (await parts()).ReaderFoot);

export const readerMarks = ({ applyLsn, vdl, mrpl }: ReaderView): readonly CardMark[] => [
  { label: 'applyLsn', term: 'applyLsn', value: groupDigits(applyLsn) },
  { label: 'VDL', term: 'vdl', value: groupDigits(vdl) },
  { label: 'MRPL', term: 'mrpl', value: groupDigits(mrpl) },
];

export const spokenReader = (reader: ReaderView, t: Translate): readonly string[] => [
  `applyLsn ${reader.applyLsn}`,
  t('token.value', { token: reader.token }),
];
