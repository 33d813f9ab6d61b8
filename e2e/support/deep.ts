// `npm run deep` runs the journeys with this tag, and those that can be longer at their full length.

export const isDeep = process.env.POSTDB_LAB_E2E_DEEP === '1';

/** A journey that `npm test` leaves out. */
export const deep = { tag: '@deep' } as const;
