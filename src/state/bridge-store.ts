// What clients of PostgreSQL's protocol at this tab do, as far as its server carries them here; null: the page has no server that would.

import { createStore } from 'zustand/vanilla';
import type { Lab } from '../lab/api.ts';
import type { BridgeState } from '../lab/pg-bridge.ts';

export const bridgeStore = createStore<{ readonly bridge: BridgeState | null }>(() => ({ bridge: null }));

/** `token`: as the address of the page has it. */
export const openBridge = (lab: Lab, token: string): Promise<void> =>
  lab.openPgBridge(token, (bridge) => bridgeStore.setState({ bridge }));
