// Reading time of captions: how long one stands by itself when a lesson advances on its own, wall ms.

const LETTERS_A_SECOND = 15;
const SHORTEST_MS = 2500;

export const readingMs = (letters: number): number =>
  Math.max(SHORTEST_MS, Math.round((letters * 1000) / LETTERS_A_SECOND));
