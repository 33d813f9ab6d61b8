// A driver with its clients as a role of a node.

import type { RoleModule } from '../kernel/role.ts';
import { drainDriver, driverView, openDriver, startDriver, stepDriver } from './driver.ts';
import type { DriverState } from './driver-state.ts';

export const driverRole: RoleModule<DriverState> = {
  name: 'driver',
  tag: 3,
  commands: [
    'workload',
    'workloadSet',
    'workloadStop',
    'session',
    'endSession',
    'restore',
    'cancelRestore',
    'dropVolume',
  ],
  takesStatements: true,
  configure: (state, params) => {
    state.config = { ...state.config, params };
  },
  drain: drainDriver,
  open: openDriver,
  start: (state, ctx, { bootEpoch }) => startDriver(state, ctx, bootEpoch),
  step: stepDriver,
  view: (state, _params, now) => driverView(state, now),
};
