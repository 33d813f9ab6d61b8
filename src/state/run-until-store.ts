// Whether the "run until" popover is open; its button and its key open it.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const store = createStore<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));

export const openRunUntil = (): void => store.setState({ isOpen: true });
export const closeRunUntil = (): void => store.setState({ isOpen: false });
export const useRunUntilOpen = (): boolean => useStore(store, ({ isOpen }) => isOpen);
