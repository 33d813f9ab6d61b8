// A table of the page as comma-separated values (RFC 4180): what the table twin of a lens says, to take away.

const field = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => `${cells.map(field).join(',')}\r\n`).join('');

export const tableCsv = (table: HTMLTableElement): string =>
  csvOf([...table.rows].map((row) => [...row.cells].map((cell) => (cell.textContent ?? '').trim())));
