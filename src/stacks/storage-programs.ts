// What nodes of storage run: all that their worker needs.

import { makeProgramOf, type ProgramOf } from '../sim/programs.ts';
import { storageOfStacks } from './storage-nodes.ts';
import { tracedForm } from './traced-form.ts';

export const storageProgramOf: ProgramOf = makeProgramOf(storageOfStacks, tracedForm);
