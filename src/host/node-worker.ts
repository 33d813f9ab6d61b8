// The worker of any node.

import { programOf } from '../stacks/node-programs.ts';
import { beNodeWorker } from './node-shell.ts';

beNodeWorker(programOf);
