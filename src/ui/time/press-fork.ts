// Handler of the fork's key and buttons: what forks loads when it is first needed.

import type { Lab } from '../../lab/api.ts';
import { atWork } from '../../state/at-work.ts';

export function pressFork(lab: Lab): void {
  void atWork(import('./fork.ts').then(({ forkHere }) => forkHere(lab)));
}
