// What is modelled: for each part what is real here, what is simplified, what is absent. True for what exists in this version; a
// part that is built later changes its words on the same day.

import '../../words/about.en.json';
import { type Both, bothOf } from '../i18n/both.ts';
import { type Disagreement, type ModelRow, modelRowsOf } from '../rules/model-row.ts';
import { stackTables } from '../stacks/tables.ts';

export const modelRows: readonly ModelRow[] = [
  ...modelRowsOf([{ id: 'nodes', ids: ['WAL-1', 'WAL-3', 'WAL-29'], areas: [], source: 'S000; S002' }]),
  ...stackTables.flatMap(({ about }) => about?.rows ?? []),
  ...modelRowsOf([
    {
      id: 'clients',
      ids: ['FENCE-43', 'FENCE-44', 'FENCE-47'],
      areas: ['client'],
      source: 'Raft dissertation §6.3',
    },
    { id: 'disks', ids: ['WAL-28', 'WAL-33', 'PRE-7'], areas: ['disk', 'wal.failed'], source: 'D' },
    { id: 'network', ids: ['PRE-2', 'PRE-3', 'WAL-12', 'HOLE-40'], areas: ['net'], source: 'D' },
    { id: 'replay', ids: ['PRE-1', 'PRE-5'], areas: ['tape'], source: 'D' },
  ]),
];

/** The row that a rule belongs to. */
export function rowOfRule(slug: string): ModelRow | undefined {
  const depth = ({ areas }: ModelRow): number =>
    Math.max(-1, ...areas.filter((area) => slug.startsWith(area)).map((area) => area.length));
  const [best] = [...modelRows].sort((a, b) => depth(b) - depth(a));
  return best !== undefined && depth(best) >= 0 ? best : undefined;
}

/** Where sources disagree, and what was decided. */
export const disagreements: readonly Disagreement[] = stackTables.flatMap(
  ({ about }) => about?.disagreements ?? [],
);

export const knownLimits: readonly Both[] = (['events', 'tape', 'runUntil', 'captions'] as const).map(
  (limit) => bothOf(`limit.${limit}`),
);

export const notProven: Both = bothOf('about.notProvenText');
