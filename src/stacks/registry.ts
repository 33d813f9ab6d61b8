// Every architecture there is, one line each. Nothing outside a stack's own folder imports that folder but this file.

import type { Stack } from '../sim/stack.ts';
import { cynosdb } from './cynosdb/stack.ts';
import { toyStack } from './toy/stack.ts';

export const stacks: readonly Stack[] = [cynosdb, toyStack];
