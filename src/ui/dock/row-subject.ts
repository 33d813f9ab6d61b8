// Selection of a row of an SQL result: its page is lit in every lens, and what is known of it stands in the
// inspector. Pure.

import type { StatementResult } from '../../core/kernel/client-calls.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Subject } from '../../state/subject.ts';

type Rows = Extract<StatementResult, { kind: 'rows' }>;

/** `page`: by key and name (`accounts#3`); `groups`: of the volume that was asked, null when they are not known. */
export function rowSubject(
  { columns, rows }: Pick<Rows, 'columns' | 'rows'>,
  row: number,
  page: { readonly blockKey: number; readonly name: string },
  groups: ClusterSpec['groups'] | null,
): Extract<Subject, { kind: 'row' }> {
  const { blockKey } = page;
  const group = groups?.find(({ keyFirst, keyEnd }) => keyFirst <= blockKey && blockKey < keyEnd)?.id ?? null;
  // An answer does not say which column is the key: the first one says which row is meant.
  const key = `${columns[0]?.name ?? ''} ${rows[row]?.[0] ?? 'null'}`.trim();
  return { kind: 'row', table: page.name.replace(/#\d+$/, ''), key, group, blockKey };
}
