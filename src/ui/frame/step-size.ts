// How far one step goes: to the next meaningful event (rank 2 and above) or to any.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type StepSize = 'meaningful' | 'every';

export const stepStore = createStore<{ readonly size: StepSize }>(() => ({ size: 'meaningful' }));
export const setStepSize = (size: StepSize): void => stepStore.setState({ size });
export const useStepSize = (): StepSize => useStore(stepStore, (state) => state.size);
