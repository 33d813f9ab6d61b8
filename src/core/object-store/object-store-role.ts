// The object store of the archive as a role of a node.

import type { RoleModule } from '../kernel/role.ts';
import type { ObjectStoreState } from './object-state.ts';
import { objectStoreView, openObjectStore, startObjectStore, stepObjectStore } from './object-store.ts';

export const objectStoreRole: RoleModule<ObjectStoreState> = {
  name: 'objectStore',
  tag: 5,
  commands: [],
  open: openObjectStore,
  start: startObjectStore,
  step: stepObjectStore,
  view: (state, params) => objectStoreView(state, params.pages === true),
};
