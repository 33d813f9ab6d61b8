// The icon of a node's role: card, tree, inspector.

import { Archive, BookOpen, Database, Landmark, type LucideIcon, SquarePen, Terminal } from 'lucide-react';
import type { NodeFrame } from '../../sim/frame.ts';

export function roleIcon(node: NodeFrame): LucideIcon {
  if (node.roles.includes('driver')) return Terminal;
  if (node.roles.includes('compute')) return SquarePen;
  if (node.roles.includes('store')) return Database;
  if (node.roles.includes('objectStore')) return Archive;
  return node.roles.includes('meta') ? Landmark : BookOpen;
}
