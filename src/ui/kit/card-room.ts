// How wide the lines of a node's card are: a card below full size has the width that the map gives it.

import { createContext } from 'react';

/** Left and right of a card's lines, px. */
export const fitSides = 20;

/** px; that of a card at full size. */
export const CardRoom = createContext(248 - fitSides);
