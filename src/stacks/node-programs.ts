// What the nodes of every stack run: all that the worker of a node needs.

import { makeProgramOf, type ProgramOf } from '../sim/programs.ts';
import { nodesOfStacks } from './nodes.ts';
import { tracedForm } from './traced-form.ts';

export const programOf: ProgramOf = makeProgramOf(nodesOfStacks, tracedForm);
