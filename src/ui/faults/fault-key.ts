// Handler of the fault keys: the registry loads when it is first needed.

import type { Lab } from '../../lab/api.ts';
import { atWork } from '../../state/at-work.ts';
import type { FaultKey } from './entry.ts';

export function pressFaultKey(lab: Lab, key: FaultKey): void {
  void atWork(import('./do-fault.ts').then(({ doFaultKey }) => doFaultKey(lab, key)));
}
