// Every stack there is, as a whole run asks for it: what workers, the command line and tests hand to sim.

import { makeRoleLinks } from '../run-model/picture/role-links.ts';
import { type MonitorTables, makeMonitorTables } from '../sim/checks/monitors.ts';
import type { Known } from '../sim/known.ts';
import { stackChecks } from './checks.ts';
import { gauges } from './gauges.ts';
import { presets } from './presets.ts';
import { programs } from './programs.ts';
import { stacks } from './registry.ts';
import { tapes } from './tapes.ts';
import { trace } from './trace.ts';

const monitors: MonitorTables = makeMonitorTables(stacks, stackChecks, trace, presets);

export const known: Known = {
  presets,
  programs,
  tape: tapes,
  trace,
  gauges,
  roleLinks: makeRoleLinks(stacks),
  monitors,
  checks: stackChecks,
};
