// The icon of a node: of its leading role. Card, tree, inspector.

import { CircleHelp, type LucideIcon } from 'lucide-react';
import type { NodeFrame } from '../../sim/frame.ts';
import { leadOf } from './role-cards.ts';

export const roleIcon = (node: NodeFrame): LucideIcon => leadOf(node)?.icon ?? CircleHelp;
