// Toasts at the lower right, never the only record of anything. The library that draws them loads on demand; messages from
// before it is there wait.

import { createStore } from 'zustand/vanilla';

export interface ToastRequest {
  readonly kind: 'done' | 'error' | 'note';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Toasts that wait for the library; more are dropped, oldest first. */
const waitingLimit = 4;

export const toastStore = createStore<{
  readonly waiting: readonly (ToastRequest & { readonly id: number })[];
}>(() => ({
  waiting: [],
}));

let lastId = 0;

export function showToast(request: ToastRequest): void {
  lastId += 1;
  const next = { ...request, id: lastId };
  toastStore.setState(({ waiting }) => ({ waiting: [...waiting, next].slice(-waitingLimit) }));
}

export const takeToasts = (): readonly (ToastRequest & { readonly id: number })[] => {
  const { waiting } = toastStore.getState();
  if (waiting.length > 0) toastStore.setState({ waiting: [] });
  return waiting;
};
