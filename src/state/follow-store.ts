// The message that the map keeps in view until it arrives or the person moves the view.

import { createStore } from 'zustand/vanilla';

export const followStore = createStore<{ readonly message: string | null }>(() => ({ message: null }));
