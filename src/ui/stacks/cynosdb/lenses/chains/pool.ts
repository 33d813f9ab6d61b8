// Who reads at which LSN, node by node: the read points of a node's sessions (RPL), the least of them that it holds (MRPL), and
// the least of all, below which stores need keep nothing for a read (PGMRPL, READ-24). Pure.

import type { Range } from '../../../../../base/ids.ts';
import type { AttachmentView } from '../../../../../core/compute/compute-view.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { findReaders } from '../pages/holders.ts';

export interface ReadPointOf {
  readonly session: string;
  readonly lsn: number;
}

export interface PoolRow {
  readonly node: string;
  readonly role: 'writer' | 'reader';
  readonly isUp: boolean;
  /** RPL of each session that has one, ascending. */
  readonly points: readonly ReadPointOf[];
  /** A read that begins now is as of here: VDL at the writer, the visible LSN at a reader. */
  readonly newest: number;
  /** MRPL: of the writer the least of its points and of `newest`; of a reader what it reported last. */
  readonly mrpl: number;
  /** MRPL as the writer has it; null: the writer has no session of this reader. */
  readonly known: number | null;
}

export interface ReadPool {
  readonly rows: readonly PoolRow[];
  readonly writer: string;
  /** As the writer advertises it. */
  readonly pgmrpl: number;
  /** As the store has it. */
  readonly storeFloor: number;
  readonly window: Range;
}

/** Who holds PGMRPL: the nodes with the least MRPL that the writer knows of; null: it knows of none. */
export function leastOf({
  rows,
}: Pick<ReadPool, 'rows'>): { readonly nodes: readonly string[]; readonly mrpl: number } | null {
  const held = rows
    .map(({ node, role, mrpl, known }) => ({ node, mrpl: role === 'writer' ? mrpl : (known ?? -1) }))
    .filter(({ mrpl }) => mrpl >= 0);
  const least = Math.min(...held.map(({ mrpl }) => mrpl));
  const nodes = held.filter(({ mrpl }) => mrpl === least).map(({ node }) => node);
  return nodes.length === 0 ? null : { nodes, mrpl: least };
}

/** LSNs shown at least, and beside what is shown. */
const leastSpan = 24;
const beside = 3;

const pointsOf = ({ log }: Pick<AttachmentView, 'log'>): readonly ReadPointOf[] =>
  (log?.sessions ?? [])
    .filter(({ readPoint }) => readPoint >= 0)
    .map(({ session, readPoint }) => ({ session, lsn: readPoint }))
    .sort((a, b) => a.lsn - b.lsn);

function windowOf(rows: readonly PoolRow[], floors: readonly number[]): Range {
  const points = rows.flatMap(({ points: own, newest, mrpl }) => [
    ...own.map(({ lsn }) => lsn),
    newest,
    mrpl,
  ]);
  const known = [...points, ...floors].filter((lsn) => lsn >= 0);
  const newest = Math.max(0, ...known) + beside;
  const oldest = Math.min(newest, ...known) - beside;
  return [Math.max(0, Math.min(oldest, newest - leastSpan)), Math.max(newest, leastSpan)];
}

export function projectPool(
  source: LensSource,
  found: { readonly node: string; readonly isUp: boolean; readonly view: AttachmentView } | null,
  storeFloor: number,
): ReadPool | null {
  if (found === null) return null;
  const { view, node, isUp } = found;
  const points = pointsOf(view);
  const own: PoolRow = {
    node,
    role: 'writer',
    isUp,
    points,
    newest: view.vdl,
    mrpl: Math.min(view.vdl, points[0]?.lsn ?? view.vdl),
    known: null,
  };
  const readers = findReaders(source).map(
    ({ frame, view: at, reader }): PoolRow => ({
      node: frame.id,
      role: 'reader',
      isUp: frame.status === 'up',
      points: pointsOf(at),
      newest: reader.applyLsn,
      mrpl: reader.mrpl,
      known: (view.readers ?? []).find((link) => link.reader === frame.id)?.mrpl ?? null,
    }),
  );
  const rows = [own, ...readers];
  const floors = [view.pgmrpl, storeFloor];
  return { rows, writer: node, pgmrpl: view.pgmrpl, storeFloor, window: windowOf(rows, floors) };
}
