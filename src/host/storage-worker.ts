// The worker of a node that runs no SQL.

import { storageProgramOf } from '../stacks/storage-programs.ts';
import { beNodeWorker } from './node-shell.ts';

beNodeWorker(storageProgramOf);
