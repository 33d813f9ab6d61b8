// What can be selected, anywhere on the screen: the cluster's parts, and what its log, pages and messages are about.

import { isSame } from '../base/same-plain.ts';
import type { ListedEvent } from '../run-model/picture/frame.ts';

export type Subject =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'link'; readonly a: string; readonly b: string }
  /** `<from>.<sequence>.<copy>` */
  | { readonly kind: 'message'; readonly id: string }
  | { readonly kind: 'lsn'; readonly lsn: number }
  /** LSNs `[first, last)` of one mini-transaction. */
  | { readonly kind: 'mtr'; readonly first: number; readonly last: number }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'page'; readonly group: string; readonly blockKey: number }
  /** A live hole request of a store, by its short name (`r17`). */
  | { readonly kind: 'request'; readonly node: string; readonly id: string }
  /** An event as it was listed: no picture has those of long ago. */
  | { readonly kind: 'event'; readonly listed: ListedEvent }
  /** A row, with the page it lies on as far as that is known. */
  | {
      readonly kind: 'row';
      readonly table: string;
      readonly key: string;
      readonly group: string | null;
      readonly blockKey: number | null;
    }
  /** Everything that was done for one client request; of one operator of its plan, the nodes and pages that served it. */
  | {
      readonly kind: 'trace';
      readonly id: number;
      readonly nodes?: readonly string[];
      readonly pages?: readonly number[];
    };

export const sameSubject = (a: Subject, b: Subject): boolean => isSame(a, b);
