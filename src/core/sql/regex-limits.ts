// Named limits of regular expressions.

/** States of the machines of a regular expression, and what stands in each other in it (2201B). */
export const REGEX_STATES_MAX = 100_000;
export const REGEX_DEPTH_MAX = 400;
/** Steps in which a regular expression looks through a text (54000): some tenths of a second. */
export const REGEX_STEPS_MAX = 10_000_000;
