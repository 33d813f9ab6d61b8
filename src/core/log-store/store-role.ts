// A store of log and pages as a role of a node.

import type { RoleModule } from '../kernel/role.ts';
import { isUnchecked } from './replica/disk-check.ts';
import { reportReplicas } from './replica/membership.ts';
import type { StoreState } from './replica/state.ts';
import { sendRestoreReports } from './restore/restore-load.ts';
import { storeView } from './role-view.ts';
import { sendSizes } from './sizes.ts';
import { admitReplicas, openStore, recordBoot, startStore, stepStore } from './store.ts';

export const storeRole: RoleModule<StoreState> = {
  name: 'store',
  tag: 2,
  commands: ['pauseHoles'],
  savesAtStop: true,
  heartbeat: {
    replicas: reportReplicas,
    sendReports: (state, ctx, metadata) => {
      sendRestoreReports(state, ctx, metadata);
      sendSizes(state, ctx, metadata);
    },
    awaitsCheck: isUnchecked,
    check: admitReplicas,
    learn: recordBoot,
  },
  configure: (state, params) => {
    state.params = params;
  },
  open: openStore,
  start: (state, ctx, { beats }) => startStore(state, ctx, beats),
  step: (state, input, ctx) => {
    if (input.kind !== 'clientRequest') stepStore(state, input, ctx);
  },
  view: storeView,
};
