// Names that have to differ from one another and are no part of a run. Not `crypto.randomUUID`: browsers have that on https and on
// localhost only, and a lecture's own address is often plain http.

/** Digits: of 32 random bits, or of four times as many for what is compared with names from elsewhere. */
export const randomId = (words = 4): string => crypto.getRandomValues(new Uint32Array(words)).join('');
