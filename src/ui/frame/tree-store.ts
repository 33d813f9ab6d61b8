// Whether the outline stands beside the map.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const treeStore = createStore<{ readonly open: boolean }>(() => ({ open: false }));
export const setTreeOpen = (open: boolean): void => treeStore.setState({ open });
export const useTreeOpen = (): boolean => useStore(treeStore, (state) => state.open);
