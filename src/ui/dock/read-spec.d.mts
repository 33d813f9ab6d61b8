// Types of read-spec.mjs, for the lab's own code.

export interface Step {
  readonly name: string;
  readonly sql: string;
}
export interface SpecSession {
  readonly name: string;
  readonly setup: string | null;
  readonly teardown: string | null;
  readonly steps: readonly Step[];
}
export interface Spec {
  readonly setup: readonly string[];
  readonly teardown: string | null;
  readonly sessions: readonly SpecSession[];
  readonly permutations: readonly (readonly string[])[];
}

/**
 * Without permutations every order of the steps in which each session keeps its own is one, at most `ordersMost`. Throws an error that
 * says what is wrong with the text.
 */
export function readSpec(text: string, ordersMost?: number): Spec;
