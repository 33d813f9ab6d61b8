// Plain data as one text: names in order, so that what says the same is the same.

/** @param skip leaves a value out, or changes it, by its name; undefined leaves it out */
export const canonical = (
  data: unknown,
  skip: (name: string, value: unknown) => unknown = (_, value) => value,
): string =>
  JSON.stringify(data, (name, value: unknown) => {
    const kept = skip(name, value);
    return kept !== null && typeof kept === 'object' && !Array.isArray(kept)
      ? Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)))
      : kept;
  });
