// Throttle of repeated notifications: of what comes too soon the newest waits, so that the last always
// goes out.

export interface Spaced<T> {
  tell(next: T): void;
  /** What waits is dropped. */
  forget(): void;
}

export function makeSpaced<T>(ms: number, send: (one: T) => void): Spaced<T> {
  let sentAt = Number.NEGATIVE_INFINITY;
  let waiting: { readonly one: T } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const sendNow = (): void => {
    const next = waiting;
    waiting = null;
    timer = null;
    if (next === null) return;
    sentAt = performance.now();
    send(next.one);
  };

  return {
    tell(next) {
      waiting = { one: next };
      if (timer !== null) return;
      const wait = sentAt + ms - performance.now();
      if (wait <= 0) sendNow();
      else timer = setTimeout(sendNow, wait);
    },
    forget() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = null;
    },
  };
}
