// Data tables: one row an item, one entry a column. Beside a drawing a table is its accessible equivalent, what the table
// switch shows and what a CSV export takes.

import { type ReactNode, useMemo } from 'react';
import { useAnnounced } from '../../state/announced.ts';
import { useT } from '../i18n/i18n.ts';
import { worded } from '../kit/term.tsx';

/** `look` is the cells' class: `n` aligns head and cells as numbers. */
export type Column<Row> = readonly [
  head: ReactNode,
  cell: (row: Row, at: number) => ReactNode,
  look?: string | ((row: Row) => string),
];

interface RowAttributes {
  /** The subject under the pointer, by `hoverKey`. */
  readonly 'data-hover'?: string;
  readonly 'data-node'?: string;
  readonly 'aria-label'?: string;
  readonly className?: string;
}

interface TableProps<Row> {
  readonly label?: string | undefined;
  /** By the number of rows. */
  readonly caption?: ((count: number) => string) | undefined;
  /** What an export takes as CSV. */
  readonly isExported?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, at: number) => string | number;
  readonly attributes?: ((row: Row) => RowAttributes) | undefined;
}

export function DataTable<Row>(props: TableProps<Row>): ReactNode {
  const { label, caption, isExported, columns, rows, keyOf, attributes } = props;
  useT();
  return (
    <table className="data-table" aria-label={label} {...(isExported === true ? { 'data-twin': true } : {})}>
      {caption !== undefined && (
        <caption className="py-1 text-left text-[12px] text-muted">{caption(rows.length)}</caption>
      )}
      <thead>
        <tr>
          {columns.map(([head, , look], i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
            <th key={i} className={look === 'n' ? 'n' : undefined}>
              {typeof head === 'string' ? worded(head) : head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={keyOf(row, at)} {...attributes?.(row)}>
            {columns.map(([, cell, look], i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <td key={i} className={typeof look === 'function' ? look(row) : look}>
                {cell(row, at)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface BesideProps<Row> extends Omit<TableProps<Row>, 'rows' | 'isExported'> {
  /** In place of the drawing; else only announced. */
  readonly shown: boolean;
  /** Class of its box while it is shown. */
  readonly box?: string;
  readonly rows: () => readonly Row[];
  /** The first column is a button that does this. */
  readonly onChoose?: (row: Row, isSecond: boolean) => void;
  readonly buttonClass?: string;
}

/** The table beside a drawing. While it is not seen it changes no faster than a screen reader announces it. */
export function TableBeside<Row>(props: BesideProps<Row>): ReactNode {
  const announced = useAnnounced(props, props.shown);
  return useMemo(() => {
    const { shown, box = 'max-h-96 overflow-y-auto', rows, columns, onChoose, ...table } = announced;
    const [first, ...rest] = columns;
    const chosen =
      onChoose === undefined || first === undefined
        ? columns
        : [choosable(first, shown, onChoose, table.buttonClass ?? 'underline'), ...rest];
    return (
      <div className={shown ? box : 'visually-hidden'}>
        <DataTable {...table} isExported columns={chosen} rows={rows()} />
      </div>
    );
  }, [announced]);
}

function choosable<Row>(
  [head, cell, look]: Column<Row>,
  shown: boolean,
  onChoose: (row: Row, isSecond: boolean) => void,
  className: string,
): Column<Row> {
  const button = (row: Row, at: number): ReactNode => (
    <button
      type="button"
      className={className}
      tabIndex={shown ? 0 : -1}
      onClick={(event) => onChoose(row, event.shiftKey)}
    >
      {cell(row, at)}
    </button>
  );
  return look === undefined ? [head, button] : [head, button, look];
}
