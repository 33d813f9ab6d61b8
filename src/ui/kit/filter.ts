// What a person types into a filter, asked of the rows of a list.

export interface Filter {
  readonly isEmpty: boolean;
  /** The number where only digits were typed: what has LSNs is asked for it. */
  readonly lsn: number | null;
  /** Whether any of the texts has what was typed, whatever its case. An empty filter lets all pass. */
  readonly matches: (...texts: readonly string[]) => boolean;
}

export function filterOf(typed: string): Filter {
  const wanted = typed.trim().toLowerCase();
  return {
    isEmpty: wanted === '',
    lsn: /^\d+$/.test(wanted) ? Number(wanted) : null,
    matches: (...texts) => wanted === '' || texts.some((text) => text.toLowerCase().includes(wanted)),
  };
}
