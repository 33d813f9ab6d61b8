// What the console's Plan sends: one statement, run and measured.

/** The statement behind EXPLAIN ANALYZE, unless it asks for more itself; empty: there is none; null: there are several. */
export function explained(text: string): string | null {
  const statement = text.trim().replace(/(\s*;)+$/, '');
  if (statement === '') return '';
  // A semicolon in a string is no end: such a statement is explained by hand.
  if (statement.includes(';')) return null;
  if (/^explain\s*\(/i.test(statement)) return statement;
  return `explain analyze ${statement.replace(/^explain\s+(analyze\s+)?/i, '')}`;
}
