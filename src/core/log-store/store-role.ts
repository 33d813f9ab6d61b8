// A store of log and pages as a role of a node.

import type { RoleModule } from '../kernel/role.ts';
import { isUnchecked } from './replica/disk-check.ts';
import { replicaReports } from './replica/membership.ts';
import { openStore } from './replica/open.ts';
import type { StoreState } from './replica/state.ts';
import { checkReplicas, noteMeta, startStore, stepStore } from './replica/store.ts';
import { storeView } from './replica/view.ts';
import { reportRestores } from './restore/restore-load.ts';

export const storeRole: RoleModule<StoreState> = {
  name: 'store',
  tag: 2,
  commands: ['pauseHoles'],
  savesAtStop: true,
  heartbeat: {
    replicas: replicaReports,
    sendReports: reportRestores,
    awaitsCheck: isUnchecked,
    check: checkReplicas,
    learn: noteMeta,
  },
  open: openStore,
  start: (state, ctx, { beats }) => startStore(state, ctx, beats),
  step: (state, input, ctx) => {
    if (input.kind !== 'clientRequest') stepStore(state, input, ctx);
  },
  view: storeView,
};
