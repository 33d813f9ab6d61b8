// The metadata as a role of a node.

import type { RoleModule } from '../kernel/role.ts';
import { startMeta, stepMeta } from './meta.ts';
import { type MetaState, openMeta } from './meta-state.ts';
import { metaView } from './meta-view.ts';

export const metaRole: RoleModule<MetaState> = {
  name: 'meta',
  tag: 0,
  namesNodes: true,
  commands: [
    'moveReplica',
    'rollbackMove',
    'nameArchiver',
    'changePcs',
    'putConfig',
    'ask',
    'switchover',
    'moveToHa',
    'removeNode',
    'setOffline',
    'splitGroup',
    'mergeGroups',
    'transferGroup',
    'transferPcs',
  ],
  open: openMeta,
  start: startMeta,
  step: stepMeta,
  view: (state, params, now) => metaView(state, now, params),
};
