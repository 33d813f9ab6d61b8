// What every stack says of the nodes of its clusters.

import { makeNodeKinds, type NodeKinds } from '../sim/node-templates.ts';
import { presets } from './presets.ts';
import { stacks } from './registry.ts';

export const nodeKinds: NodeKinds = makeNodeKinds(stacks, presets);
