// A cluster from the text of its file, checked as a whole. The first fault is answered with its line and its field.

import { type ClusterFault, clusterFault } from '../presets/cluster-faults.ts';
import type { Preset } from '../presets/preset.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';
import { checkCluster } from './cluster-check.ts';
import {
  type ClusterDraft,
  clusterOfDraft,
  emptyCluster,
  type KindsOf,
  readClusterLine,
} from './cluster-lines.ts';
import type { ClusterRules } from './node-kinds.ts';
import { BadLine, badLine, splitWords, takeWord } from './tape-tokens.ts';

/** Characters of a cluster's file at most. */
const MOST_CHARACTERS = 256 * 1024;

export type ClusterResult =
  | { readonly ok: true; readonly preset: Preset }
  | {
      readonly ok: false;
      /** Counts from 1. */
      readonly line: number;
      readonly why: Refusal;
      /** Of the whole; null: a line could not be read. */
      readonly field: string | null;
    };

/** What is known of clusters, as far as reading one asks. */
export interface ClusterTables {
  readonly presetNames: readonly string[];
  /** Of an architecture; null: there is no such one. */
  readonly rulesOf: (architecture: string) => ClusterRules | null;
  readonly kindsOf: KindsOf;
}

/** What is wrong with a cluster that was read, and where; `isOwn`: it is no preset. */
export function faultsOf(
  { rulesOf, presetNames }: ClusterTables,
  preset: Preset,
  isOwn: boolean,
): ClusterFault[] {
  const rules = rulesOf(preset.architecture);
  if (rules === null) throw badLine('unknownArchitecture', { found: preset.architecture });
  const name = preset.name.slice(preset.name.indexOf('.') + 1);
  const isTaken = isOwn && (presetNames.includes(name) || rulesOf(name) !== null);
  return [
    ...(isTaken ? [clusterFault('cluster', 'nameTaken', { name })] : []),
    ...checkCluster(rules, preset),
  ];
}

/** The line that says the field of a fault; the last one that was read where none does. */
export const lineOfFault = (draft: ClusterDraft, { field }: ClusterFault, last: number): number =>
  draft.lines.get(field) ?? last;

export function readCluster(rules: ClusterTables, text: string, of: 'preset' | 'own'): ClusterResult {
  const draft = emptyCluster();
  let number = 0;
  const refuse = (line: number, why: Refusal, field: string | null): ClusterResult => ({
    ok: false,
    line,
    why,
    field,
  });
  if (text.length > MOST_CHARACTERS)
    return refuse(1, refusal('clusterTooLong', { most: MOST_CHARACTERS / 1024 }), null);
  try {
    for (const raw of text.split('\n')) {
      number++;
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line.trim() === '' || line.startsWith('#')) continue;
      const words = splitWords(line);
      const key = takeWord(words, 'line');
      if (!readClusterLine(draft, key, words, rules.kindsOf, { line: number, isFile: true }))
        throw badLine('unknownClusterLine', { found: key });
    }
    const preset = clusterOfDraft(draft, of === 'own');
    const [first] = faultsOf(rules, preset, of === 'own');
    if (first !== undefined) return refuse(lineOfFault(draft, first, number), first, first.field);
    return { ok: true, preset };
  } catch (error) {
    if (error instanceof BadLine) return refuse(number, error.why, null);
    throw error;
  }
}
