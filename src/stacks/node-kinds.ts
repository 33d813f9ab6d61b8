// What every stack says of the nodes of its clusters.

import { makeNodeKinds, type NodeKinds } from '../sim/node-templates.ts';
import { presetList } from './preset-names.ts';
import { stacks } from './registry.ts';

export const nodeKinds: NodeKinds = makeNodeKinds(stacks, presetList);
