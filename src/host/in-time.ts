// A thing to be opened that others may hold back: whoever waits is notified after a while, and what opens later is closed
// again. Nobody would use it, and a database that stays open holds back its next owner.

/** Rejects with `late()` after the limit, wall ms. */
export async function openInTime<T extends { close(): void }>(
  opening: Promise<T>,
  limitMs: number,
  late: () => Error,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      opening.then(
        (opened) => opened.close(),
        () => undefined,
      );
      reject(late());
    }, limitMs);
  });
  try {
    return await Promise.race([opening, limit]);
  } finally {
    clearTimeout(timer);
  }
}
