// How much a seeded world draws: `npm test` takes a share of it, `npm run deep` the whole (docs/testing.md). A file that imports this
// is an item of the deep command.

/** Whether the deep command runs this world. */
export const isDeep = process.env.POSTDB_LAB_WORLDS === 'deep';

/**
 * @param few in the test command
 * @param all in the deep command
 */
export const drawn = (few: number, all: number): number => (isDeep ? all : few);

/** All of them in the deep command, only the first in the test command. */
export const drawnOf = <T>(items: readonly [T, ...T[]]): readonly T[] => (isDeep ? items : items.slice(0, 1));
