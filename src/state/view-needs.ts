// What of the nodes' state is asked for: every open lens and inspector says what it shows, the union goes to the lab.
// What nobody shows is not computed.

import type { ViewParams } from '../core/door.ts';

export type ViewNeed = Partial<ViewParams>;

const idle: ViewParams = { group: null, lsnWindow: null, span: 16, detail: false };

/** The least that serves everybody: the widest span and window, detail when one wants it. */
export function mergeNeeds(needs: Iterable<ViewNeed>): ViewParams {
  let merged = idle;
  for (const need of needs) {
    const window = need.lsnWindow ?? null;
    const before = merged.lsnWindow;
    merged = {
      ...merged,
      ...need,
      group: merged.group ?? need.group ?? null,
      lsnWindow:
        window === null || before === null
          ? (before ?? window)
          : [Math.min(before[0], window[0]), Math.max(before[1], window[1])],
      span: Math.max(merged.span, need.span ?? 0),
      detail: merged.detail || need.detail === true,
    };
  }
  return merged;
}

export interface ViewNeeds {
  /** Null takes the owner's need back. */
  set(owner: string, need: ViewNeed | null): void;
}

export function makeViewNeeds(tell: (params: ViewParams) => void): ViewNeeds {
  const needs = new Map<string, ViewNeed>();
  let told = '';
  return {
    set(owner, need) {
      if (need === null) needs.delete(owner);
      else needs.set(owner, need);
      const params = mergeNeeds(needs.values());
      const text = JSON.stringify(params);
      if (text === told) return;
      told = text;
      tell(params);
    },
  };
}
