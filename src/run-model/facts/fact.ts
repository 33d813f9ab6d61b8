// Facts and claims as data: what the text says once it is read (parse.ts), and what values are found for (evaluate.ts).

import type { TraceKind } from '../../core/kernel/trace.ts';

export const operators = ['=', '!=', '<=', '>=', '<', '>', '~'] as const;
export type Operator = (typeof operators)[number];
export type Value = string | number | boolean;

/** Text with facts in it. */
export type Template = readonly (string | Fact)[];

export interface Filter {
  readonly field: readonly string[];
  readonly operator: Operator;
  readonly value: Template;
}

/** Numbers of the whole run; `event`: the place of the newest event; `time` in virtual ms. */
export const worldNumbers = ['commits', 'event', 'time', 'violations', 'holes'] as const;
export type WorldNumber = (typeof worldNumbers)[number];

export type Fact = { readonly text: string } & (
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'inner'; readonly fact: Fact }
  | {
      readonly kind: 'sum';
      readonly first: Fact;
      readonly more: readonly { readonly sign: '+' | '-' | '*' | '/'; readonly fact: Fact }[];
    }
  | { readonly kind: 'world'; readonly what: WorldNumber }
  /** A gauge of this place, `store-3 g2`; null: of the cluster's own volume. */
  | { readonly kind: 'gauge'; readonly word: string; readonly place: string | null }
  | { readonly kind: 'row'; readonly session: Template; readonly column: number }
  | { readonly kind: 'count'; readonly event: TraceKind; readonly filters: readonly Filter[] }
  | {
      readonly kind: 'field';
      /** A number: which of several events, by its place, from 0; negative: from the end. */
      readonly of: 'kinds' | 'sum' | 'max' | number;
      readonly event: TraceKind;
      readonly field: readonly string[];
      readonly filters: readonly Filter[];
    }
  | { readonly kind: 'nodes'; readonly filters: readonly Filter[] }
  | {
      readonly kind: 'other';
      readonly all: boolean;
      readonly than: Template;
      readonly nodes: readonly Template[];
    }
  | { readonly kind: 'without'; readonly mutant: string; readonly fact: Fact }
  | { readonly kind: 'beside'; readonly column: string; readonly path: readonly string[] }
  /** `leader`: the metadata's; `writer`: the open one. */
  | {
      readonly kind: 'view';
      readonly node: Template | 'leader' | 'writer';
      readonly path: readonly string[];
      readonly filters: readonly Filter[];
    }
);

/** What is so or not so of a run at an instant. */
export type Predicate =
  | { readonly kind: 'compare'; readonly left: Fact; readonly operator: Operator; readonly right: Fact }
  /** An event of one of these kinds is among those of this instant. */
  | { readonly kind: 'event'; readonly kinds: readonly TraceKind[]; readonly filters: readonly Filter[] }
  /** Any event of rank 3; a rule that is found broken. */
  | { readonly kind: 'milestone' | 'violation' }
  | { readonly kind: 'and' | 'or'; readonly left: Predicate; readonly right: Predicate };

export interface Claim {
  readonly text: string;
  /** It is of the lesson's own run, and says nothing of a person's. */
  readonly isOwn: boolean;
  readonly predicate: Predicate;
}
