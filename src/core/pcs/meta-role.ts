// The metadata as a role of a node.

import type { RoleModule } from '../kernel/role.ts';
import { metaView, startMeta, stepMeta } from './meta.ts';
import { type MetaState, openMeta } from './meta-state.ts';

export const metaRole: RoleModule<MetaState> = {
  name: 'meta',
  tag: 0,
  commands: ['moveReplica', 'rollbackMove', 'nameArchiver'],
  open: openMeta,
  start: startMeta,
  step: stepMeta,
  view: (state, _params, now) => metaView(state, now),
};
