// The incidents of the gallery, in its order.

import { cynosdbIncidents } from './of-cynosdb.ts';
import { polardbIncidents } from './of-polardb.ts';
import { postdbIncidents } from './of-postdb-v4.ts';

export const incidents = [...cynosdbIncidents, ...postdbIncidents, ...polardbIncidents] as const;
