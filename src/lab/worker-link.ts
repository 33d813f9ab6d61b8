// A worker that answers numbered requests: one promise for each, everything else is an event. Nobody waits for a worker
// that is gone: one that did not start or was closed refuses whoever asks it.

import { RunGone, refusalOf } from './run-gone.ts';

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

/** `onFailed` is called when the worker could not start, threw outside a request, or said what cannot be read. */
export function linkWorker<Request, Event extends { readonly kind: string }>(
  worker: Worker,
  onEvent: (event: Exclude<Event, Answer>) => void,
  onFailed: (detail: string) => void,
): WorkerLink<Request> {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let gone: Error | null = null;
  const refuseAll = (why: Error): void => {
    for (const one of waiting.values()) one.reject(why);
    waiting.clear();
  };
  worker.onmessage = (message: MessageEvent<Event | Answer>) => {
    const data = message.data;
    if (!isAnswer(data)) {
      onEvent(data as Exclude<Event, Answer>);
      return;
    }
    const one = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === 'done') one?.resolve(data.value);
    else one?.reject(refusalOf(data.error));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    // Only what a worker throws has words: one whose script could not be loaded has none, and never answers.
    if (event.message === undefined) gone = new Error('the worker did not start');
    const error = gone ?? new Error(event.message);
    refuseAll(error);
    onFailed(error.message);
  };
  worker.onmessageerror = () => {
    const error = new Error('an answer of the worker could not be read');
    refuseAll(error);
    onFailed(error.message);
  };
  return {
    tell: (request) => worker.postMessage(request),
    ask: <T>(make: (id: number) => Request, transfer: Transferable[] = []) =>
      new Promise<T>((resolve, reject) => {
        if (gone !== null) throw gone;
        const id = nextId++;
        worker.postMessage(make(id), transfer);
        waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      }),
    close: () => {
      worker.terminate();
      gone = new RunGone('the worker was closed');
      refuseAll(gone);
    },
  };
}

const isAnswer = (data: { readonly kind: string }): data is Answer =>
  data.kind === 'done' || data.kind === 'refused';
