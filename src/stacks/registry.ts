// Every architecture there is, one line each. Nothing outside a stack's own folder imports that folder but this file.

import type { ClusterSpec } from '../core/kernel/door.ts';
import type { Stack } from '../sim/stack.ts';
import { cynosdb } from './cynosdb/stack.ts';
import { toyStack } from './toy/stack.ts';

export const stacks: readonly Stack[] = [cynosdb, toyStack];

/** A preset has the name of its architecture, alone or in front; clusters of no architecture are watched as the first. */
export const stackOf = ({ preset }: Pick<ClusterSpec, 'preset'>): Stack =>
  stacks.find(({ id }) => preset === id || preset.startsWith(`${id}-`)) ?? cynosdb;
