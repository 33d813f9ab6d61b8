// How far one step goes: to any event, to the next meaningful one (rank 2 and above), or to the next milestone.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { StepSize } from '../lab/api.ts';

export const stepSizes = ['meaningful', 'every', 'milestones'] as const satisfies readonly StepSize[];

export const stepStore = createStore<{ readonly size: StepSize }>(() => ({ size: 'meaningful' }));
export const setStepSize = (size: StepSize): void => stepStore.setState({ size });
export const useStepSize = (): StepSize => useStore(stepStore, (state) => state.size);
