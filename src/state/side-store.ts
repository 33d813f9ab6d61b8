// Which panel stands between the rail and the map, or none.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type SidePane = 'tree' | 'lessons' | 'runs' | 'diff';

const sideStore = createStore<{ readonly pane: SidePane | null }>(() => ({ pane: null }));
export const openSide = (pane: SidePane | null): void => sideStore.setState({ pane });
export const useSide = (): SidePane | null => useStore(sideStore, (state) => state.pane);
