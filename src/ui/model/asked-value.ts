// The value of a result that a person asked about: where it stands in the answer and where its row lies. View state only.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { tidBlock, tidSlot } from '../../core/engine/key-codec.ts';
import type { RowOrigin } from '../../core/kernel/client-calls.ts';
import { pageKey } from '../../core/page/page-key.ts';
import { type SeenAt, seenNow, useOfRun } from '../../state/of-run.ts';

/** Which value, and where its row lies. */
export interface AskedPlace {
  readonly column: string;
  readonly value: string | null;
  readonly blockKey: number;
  readonly slot: number;
  readonly readPoint: number;
}

export interface Asked extends AskedPlace {
  readonly seen: SeenAt;
}

/** At most one. */
const askedStore = createStore<{ readonly asked: readonly Asked[] }>(() => ({ asked: [] }));

/** A value of another cluster lies in none of this one's pages. */
export const useAsked = (): Asked | null => useOfRun(useStore(askedStore, ({ asked }) => asked))[0] ?? null;
export const forgetAsked = (): void => askedStore.setState({ asked: [] });

/** The value in a row of a result; null when the row is none of a table's. */
export function askWhere(origin: RowOrigin, row: number, column: string, value: string | null): Asked | null {
  const tid = origin.tids[row];
  if (tid === undefined || tid < 0) return null;
  const asked: Asked = {
    column,
    value,
    blockKey: pageKey(origin.relation, 0, tidBlock(tid)),
    slot: tidSlot(tid),
    readPoint: origin.readPoint,
    seen: seenNow(),
  };
  askedStore.setState({ asked: [asked] });
  return asked;
}
