// What a lab opens when its page begins: the run that is saved, a fresh one that a link asks for, or a question to a person. A
// link is followed once: each press of it has a name, which the run that it began is saved under, so that a page that was
// reloaded or killed at any moment either has not followed it yet or goes on with what it began.

/** A run that has done nothing yet. */
export interface FreshRun {
  readonly preset: string;
  readonly seed: number;
}

/** A press of a link that begins a run of a preset; `id` is the same over reloads, and another for another press. */
export interface Ask extends FreshRun {
  readonly id: string;
}

/** What the lab's storage holds. */
export type Saved =
  | { readonly kind: 'nothing' }
  /** A run that this lab cannot go on with. */
  | { readonly kind: 'unreadable' }
  /** `followed`: the presses of links that it and those in *Runs* began by. `isWanted`: there is more to it than preset and seed. */
  | {
      readonly kind: 'run';
      readonly preset: string;
      readonly seed: number;
      readonly followed: readonly string[];
      readonly isWanted: boolean;
    };

export type Opening =
  | { readonly kind: 'resume' }
  /** Nothing is done before a person has said what. */
  | { readonly kind: 'refuse' }
  /** `keeps`: what is saved is found in *Runs* from then on. */
  | {
      readonly kind: 'begin';
      readonly run: FreshRun;
      readonly asked: string | null;
      readonly keeps: boolean;
    };

export function openingOf(ask: Ask | null, saved: Saved, fallback: FreshRun): Opening {
  if (saved.kind === 'unreadable') return { kind: 'refuse' };
  const run = ask === null ? fallback : { preset: ask.preset, seed: ask.seed };
  const asked = ask?.id ?? null;
  if (saved.kind === 'nothing') return { kind: 'begin', run, asked, keeps: false };
  if (ask === null || saved.followed.includes(ask.id)) return { kind: 'resume' };
  const isSame = saved.preset === run.preset && saved.seed === run.seed;
  return { kind: 'begin', run, asked, keeps: saved.isWanted || !isSame };
}
