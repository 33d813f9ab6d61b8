// The engine of the link that this page was opened with, where it is another one's and is played here all the same: its own is not kept.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const otherEngine = createStore<{ readonly engine: string | null }>(() => ({ engine: null }));

export const sayOtherEngine = (engine: string): void => otherEngine.setState({ engine });
export const useOtherEngine = (): string | null => useStore(otherEngine, ({ engine }) => engine);
