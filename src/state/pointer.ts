// Whether the finger is the pointer: what is pressed is 44 px high then (theme/touch.css).

const finger = globalThis.matchMedia?.('(pointer: coarse)');

export const isByFinger = (): boolean => finger?.matches === true;

/** px of a row of a long list, of which only the rows in sight are there. */
export const listRowHeight = isByFinger() ? 44 : 24;
