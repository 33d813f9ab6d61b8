// A thing to be opened that others may hold back: whoever waits is notified after a while, and what opens later is closed
// again. Nobody would use it, and a database that stays open holds back its next owner.

/** Rejects with `late()` after the limit, wall ms, or after another one that `open` sets once it knows more. */
export async function openInTime<T extends { close(): void }>(
  open: (setLimit: (ms: number) => void) => Promise<T>,
  limitMs: number,
  late: () => Error,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onLate = (): void => undefined;
  const setLimit = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => onLate(), ms);
  };
  const opening = open(setLimit);
  const limit = new Promise<never>((_resolve, reject) => {
    onLate = () => {
      opening.then(
        (opened) => opened.close(),
        () => undefined,
      );
      reject(late());
    };
  });
  if (timer === undefined) setLimit(limitMs);
  try {
    return await Promise.race([opening, limit]);
  } finally {
    clearTimeout(timer);
  }
}
