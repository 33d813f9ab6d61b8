// The nodes of a tally.

import { nodesOf } from '../../sim/programs.ts';
import { tallyMessages } from './messages.ts';
import { tallyRole } from './tally-role.ts';

// #region nodes
export const tallyNodes = nodesOf('tally', { roles: [tallyRole], messages: tallyMessages });
// #endregion
