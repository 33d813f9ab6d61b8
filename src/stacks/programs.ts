// What every stack runs, by its id or by a cluster of one of its presets.

import { makeRuntimeOf, type Programs } from '../sim/programs.ts';
import { programOf } from './node-programs.ts';
import { presetList } from './preset-names.ts';
import { runtimes } from './runtimes.ts';

export { programOf };
export const runtimeOf: Programs['runtimeOf'] = makeRuntimeOf(runtimes, presetList);
export const programs: Programs = { programOf, runtimeOf };
