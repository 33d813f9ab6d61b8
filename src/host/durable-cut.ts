// The durable cut. At maximum speed windows run ahead of the disks: what they write is gathered in the nodes, and while
// more windows run, each node writes what it has gathered beside its disk, in one strict transaction under the name of the
// cut. Once all have done so, one transaction of the lab's database decides for the cut. A browser that is killed at any
// moment has the last cut that was decided for; what was staged for another one is dropped when its disk is opened. Nothing
// that happened after the last cut is shown, answered, exported or counted (outlet.ts).

export interface DurableCut {
  /** A window has run ahead of the disks. Between two windows; begins a cut unless one is under way. */
  onWindow(): void;
  /** Null: all that has happened is durable. It rejects when that cannot be written. */
  pending(): Promise<void> | null;
  /** Between two windows, none of which runs before it resolves: all that has happened is durable. */
  settle(): Promise<void>;
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** `write`: begins the cut's writing in every node before it returns. `decide`: one transaction of the lab's. */
export function makeDurableCut(
  write: (turn: string) => Promise<unknown>,
  decide: (turn: string, at: number) => Promise<void>,
  now: () => number,
  name: string,
): DurableCut {
  /** Windows that ran ahead, and how many of them the cut under way and the last cut cover. */
  let windows = 0;
  let covered = 0;
  let durable = 0;
  let made = 0;
  let underWay: Promise<void> | null = null;
  /** Who waits for windows that no cut covers yet. */
  let next: Deferred | null = null;
  /** Rejected: nothing is durable any more. */
  let failure: { readonly error: unknown; readonly promise: Promise<void> } | null = null;

  const begin = (): void => {
    const turn = `${name}/${++made}`;
    const at = now();
    const waiting = next;
    next = null;
    covered = windows;
    const upTo = windows;
    underWay = write(turn)
      .then(() => decide(turn, at))
      .then(
        () => {
          durable = upTo;
          underWay = null;
          waiting?.resolve();
        },
        (error: unknown) => {
          failure ??= { error, promise: silent(Promise.reject(error)) };
          underWay = null;
          waiting?.reject(error);
          next?.reject(error);
          throw error;
        },
      );
    silent(underWay);
  };

  return {
    onWindow() {
      windows++;
      if (failure !== null) throw failure.error;
      if (underWay === null) begin();
    },
    pending() {
      if (failure !== null) return failure.promise;
      if (durable === windows) return null;
      if (covered === windows) return underWay;
      next ??= deferred();
      return next.promise;
    },
    async settle() {
      await underWay;
      if (failure !== null) throw failure.error;
      if (durable === windows) return;
      begin();
      await underWay;
    },
  };
}

/** Whoever awaits it gets its error; nobody has to. */
function silent(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

function deferred(): Deferred {
  let resolve = (): void => undefined;
  let reject = (_error: unknown): void => undefined;
  const promise = new Promise<void>((onDone, onFailed) => {
    resolve = onDone;
    reject = onFailed;
  });
  return { promise: silent(promise), resolve, reject };
}
