// The object store of the archive as a role of a node.

import type { RoleModule } from '../kernel/role.ts';
import { type ObjectStoreState, openObjectStore } from './object-state.ts';
import { startObjectStore, stepObjectStore } from './object-store.ts';
import { objectStoreView } from './object-view.ts';

export const objectStoreRole: RoleModule<ObjectStoreState> = {
  name: 'objectStore',
  tag: 5,
  commands: [],
  open: openObjectStore,
  start: startObjectStore,
  step: stepObjectStore,
  view: (state, params) => objectStoreView(state, params.pages === true),
};
