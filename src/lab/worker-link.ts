// A worker that answers numbered requests: one promise for each, everything else is an event.

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface WorkerLink<Request> {
  /** Sends a request that is not answered. */
  tell(request: Request): void;
  /** Sends a request with a fresh id; rejects with the worker's words when it is refused. */
  ask<T>(make: (id: number) => Request, transfer?: Transferable[]): Promise<T>;
  close(): void;
}

type Answer =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly error: string };

/** `onFailed` is told once when the worker could not start or threw outside a request. */
export function linkWorker<Request, Event extends { readonly kind: string }>(
  worker: Worker,
  onEvent: (event: Exclude<Event, Answer>) => void,
  onFailed: (detail: string) => void,
): WorkerLink<Request> {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  worker.onmessage = (message: MessageEvent<Event | Answer>) => {
    const data = message.data;
    if (!isAnswer(data)) {
      onEvent(data as Exclude<Event, Answer>);
      return;
    }
    const one = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === 'done') one?.resolve(data.value);
    else one?.reject(new Error(data.error));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    const detail = event.message ?? 'the worker did not start';
    for (const one of waiting.values()) one.reject(new Error(detail));
    waiting.clear();
    onFailed(detail);
  };
  return {
    tell: (request) => worker.postMessage(request),
    ask: <T>(make: (id: number) => Request, transfer: Transferable[] = []) =>
      new Promise<T>((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve: (value) => resolve(value as T), reject });
        worker.postMessage(make(id), transfer);
      }),
    close: () => {
      worker.terminate();
      for (const one of waiting.values()) one.reject(new Error('the worker was closed'));
      waiting.clear();
    },
  };
}

const isAnswer = (data: { readonly kind: string }): data is Answer =>
  data.kind === 'done' || data.kind === 'refused';
