// The engine's name on tapes and in saved labs.

/** Names the engine on tapes; raised when the same tape may give another trace. */
export const ENGINE = '0.23.0';
