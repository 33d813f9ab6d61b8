// What the console completes by: tables and columns as the writers' pictures have them, and the views of the system. Asked for while
// somebody writes; what was known last stays, and names the pages and tables of captions.

import { useEffect, useMemo, useState } from 'react';
import type { TableView } from '../../core/engine/buffer-view.ts';
import { pcsViewColumns, pcsViewNames } from '../../core/kernel/pcs-views.ts';
import { newestFrame, useFrame } from '../../state/frame-store.ts';
import { useViewNeeds } from '../lab-context.ts';
import { tablesIn, takeTables } from '../model/known-names.ts';

/** Columns by table, tables in their order. */
export type Schema = Readonly<Record<string, readonly string[]>>;

type Known = readonly (Pick<TableView, 'name'> & {
  readonly columns: readonly { readonly name: string }[];
})[];

export function schemaOf(tables: Known): Schema {
  const byName = new Map(
    tables.map(({ name, columns }) => [
      name,
      columns.map((column) => column.name).filter((column) => column !== ''),
    ]),
  );
  return Object.fromEntries([...byName].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const systemSchema: Schema = Object.fromEntries(
  pcsViewNames.map((name) => [name, pcsViewColumns(name).map(([column]) => column)]),
);

const owner = 'sql-completion';

/** Changes only when a table or a column does. */
export function useSchema(isWriting: boolean): Schema {
  const needs = useViewNeeds();
  const [known, setKnown] = useState('{}');
  useEffect(() => {
    needs.set(owner, isWriting ? { pages: true } : null);
    return () => needs.set(owner, null);
  }, [needs, isWriting]);
  const text = useFrame(({ frame }) => {
    const tables = !isWriting || frame === null ? null : tablesIn(frame);
    return tables === null ? '' : JSON.stringify(schemaOf(tables));
  });
  useEffect(() => {
    if (text === '') return;
    setKnown(text);
    const { frame } = newestFrame();
    if (frame !== null) takeTables(frame, []);
  }, [text]);
  return useMemo(() => ({ ...systemSchema, ...(JSON.parse(known) as Schema) }), [known]);
}
