// Which program a node needs, by the roles that it hosts.

import type { Role } from '../core/kernel/view.ts';

/** Roles that the programs of storage have (storage-nodes.ts). */
const STORAGE_ROLES: ReadonlySet<Role> = new Set<Role>(['meta', 'store', 'chunk', 'objectStore']);

/** Each role of the node is in the programs of storage. */
export const isStorage = (roles: readonly Role[]): boolean => roles.every((role) => STORAGE_ROLES.has(role));
