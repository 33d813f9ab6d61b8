// Every mark of lens 4.1 with its rules.

import type { LegendEntry } from '../../../../lens/legend.ts';
import '../../../../../words/cynosdb/wal.en.json';

export const walLegend: readonly LegendEntry[] = [
  { label: 'walMark.data', text: 'walMark.dataText', rules: ['wal.scl', 'wal.ack-after-durable'] },
  { label: 'walMark.volatile', text: 'walMark.volatileText', rules: [], ids: ['WAL-28'] },
  { label: 'walMark.hole', text: 'walMark.holeText', rules: ['hole.found', 'hole.below-sgcl'] },
  { label: 'walMark.sent', text: 'walMark.sentText', rules: ['hole.one-live-request', 'hole.split'] },
  { label: 'walMark.end', text: 'walMark.endText', rules: [], ids: ['HOLE-4'] },
  { label: 'walMark.ring', text: 'walMark.ringText', rules: ['hole.ring', 'hole.timeout'] },
  { label: 'walMark.copies', text: 'walMark.copiesText', rules: ['wal.pgcl-true'] },
  { label: 'walMark.fate', text: 'walMark.fateText', rules: ['recovery.compute', 'wal.acked-survives'] },
  {
    label: 'walMark.limit',
    text: 'walMark.limitText',
    rules: ['hole.below-sgcl'],
    ids: ['HOLE-18', 'HOLE-42'],
  },
  { label: 'walMark.rulers', text: 'walMark.rulersText', rules: ['wal.vcl', 'wal.vdl-is-cpl'] },
  { label: 'walMark.arcs', text: 'walMark.arcsText', rules: ['hole.found'], ids: ['WAL-2'] },
  { label: 'walMark.zone', text: 'walMark.zoneText', rules: [], ids: ['WAL-14'] },
  { label: 'walMark.member', text: 'walMark.memberText', rules: [], ids: ['WAL-62', 'WAL-63', 'WAL-70'] },
  {
    label: 'walMark.terms',
    text: 'walMark.termsText',
    rules: ['recovery.compute'],
    ids: ['WAL-51', 'WAL-53'],
  },
  { label: 'walMark.lal', text: 'walMark.lalText', rules: ['wal.back-pressure'] },
];
