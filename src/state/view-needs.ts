// View subscriptions, merged into one request for the nodes' state: every open lens and inspector says what it shows,
// the union goes to the lab. What nobody shows is not computed.

import type { ViewParams } from '../core/kernel/view-params.ts';

export type ViewNeed = Partial<ViewParams>;

const idle = { span: 16 };

type Window = ViewParams['lsnWindow'];

/** Beyond every LSN: a window that one pane has moved, and another that follows, are one open to the right. */
const openEnd = Number.MAX_SAFE_INTEGER;

function mergeWindows(needs: readonly ViewNeed[]): Window {
  let merged: Window = null;
  /** LSNs that panes want which follow the newest; -1: none does. */
  let following = -1;
  for (const { lsnWindow, span } of needs) {
    if (lsnWindow === null && span !== undefined) following = Math.max(following, span);
    if (lsnWindow === null || lsnWindow === undefined) continue;
    merged =
      merged === null ? lsnWindow : [Math.min(merged[0], lsnWindow[0]), Math.max(merged[1], lsnWindow[1])];
  }
  // Where the newest LSN is nobody here knows, but that it is not before the window: as many LSNs before it are enough.
  return merged === null || following < 0 ? merged : [Math.max(0, merged[0] - following), openEnd];
}

/** The least that serves everybody: the widest span and window, the long forms that somebody wants. */
export function mergeNeeds(all: Iterable<ViewNeed>): ViewParams {
  const needs = [...all];
  const first = <K extends keyof ViewNeed>(key: K): NonNullable<ViewNeed[K]> | null =>
    needs.map((need) => need[key]).find((value) => value !== null && value !== undefined) ?? null;
  const any = (key: 'detail' | 'log' | 'pages' | 'plans'): boolean =>
    needs.some((need) => need[key] === true);
  const wanted = needs.flatMap((need) => need.wanted ?? []);
  const files = needs.flatMap((need) => need.files ?? []);
  const froms = needs.flatMap(({ recordsFrom }) => recordsFrom ?? []);
  const commitOf = first('commitOf');
  const metadata = first('metadata');
  return {
    group: first('group'),
    lsnWindow: mergeWindows(needs),
    span: Math.max(idle.span, ...needs.map((need) => need.span ?? 0)),
    detail: any('detail'),
    ...(froms.length === 0 ? {} : { recordsFrom: Math.min(...froms) }),
    ...(any('log') ? { log: true } : {}),
    ...(any('pages') ? { pages: true } : {}),
    ...(any('plans') ? { plans: true } : {}),
    ...(wanted.length === 0 ? {} : { wanted }),
    ...(needs.some((need) => need.files) ? { files } : {}),
    ...(commitOf === null ? {} : { commitOf }),
    ...(metadata === null ? {} : { metadata }),
  };
}

/**
 * What changes within one task is sent once: an owner who takes a need back and says another is never without one, so that no picture
 * comes which lacks what it shows.
 */
export interface ViewNeeds {
  /** Null takes the owner's need back. */
  set(owner: string, need: ViewNeed | null): void;
}

export function makeViewNeeds(send: (params: ViewParams) => void): ViewNeeds {
  const needs = new Map<string, ViewNeed>();
  let sent = '';
  let isDue = false;
  const sendNew = (): void => {
    isDue = false;
    const params = mergeNeeds(needs.values());
    const text = JSON.stringify(params);
    if (text === sent) return;
    sent = text;
    send(params);
  };
  return {
    set(owner, need) {
      if (need === null) needs.delete(owner);
      else needs.set(owner, need);
      if (isDue) return;
      isDue = true;
      queueMicrotask(sendNew);
    },
  };
}
