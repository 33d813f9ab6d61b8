// The cluster that is being built on this page, with the way back; it stays while one looks at the lab.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Preset } from '../../presets/preset.ts';
import type { Refusal } from '../../presets/refusals.ts';
import { readCluster } from '../../sim/cluster-file.ts';
import { printCluster } from '../../sim/cluster-text.ts';
import { clusterOfTape, ownNameOf, plainName, withNodesNow } from '../../sim/say-cluster.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { findPreset, presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { type Draft, draftOf, presetOf } from './draft.ts';

interface Building {
  readonly draft: Draft;
  readonly past: readonly Draft[];
  readonly future: readonly Draft[];
}

/** Steps that an undo goes back at most. */
const longestPast = 200;

const newDraft = (architecture: string): Draft => {
  const plain = findPreset(architecture);
  if (plain === null) throw new Error(`no preset ${architecture}`);
  return draftOf(plain, 'my-cluster');
};

export const building = createStore<Building>(() => ({ draft: newDraft('cynosdb'), past: [], future: [] }));

export const useBuilding = <T>(select: (state: Building) => T): T => useStore(building, select);

export const edit = (change: (draft: Draft) => Draft): void =>
  building.setState(({ draft, past }) => {
    const next = change(draft);
    return next === draft ? {} : { draft: next, past: [...past, draft].slice(-longestPast), future: [] };
  });

export const undoEdit = (): void =>
  building.setState(({ draft, past, future }) => {
    const before = past.at(-1);
    return before === undefined ? {} : { draft: before, past: past.slice(0, -1), future: [draft, ...future] };
  });

export const redoEdit = (): void =>
  building.setState(({ draft, past, future: [next, ...future] }) =>
    next === undefined ? {} : { draft: next, past: [...past, draft], future },
  );

/** Another cluster in place of the one that is built; the way back stays. */
export const begin = (preset: Preset, name: string): void => edit(() => draftOf(preset, name));

export const beginNew = (architecture: string): void => edit(() => newDraft(architecture));

export type TextRead =
  | { readonly ok: true }
  | { readonly ok: false; readonly line: number; readonly why: Refusal };

/** From the lines of a file. */
export function beginText(text: string): TextRead {
  const result = readCluster(presets, text, 'own');
  if (!result.ok) return { ok: false, line: result.line, why: result.why };
  const { preset } = result;
  begin(preset, plainName(preset.name));
  return { ok: true };
}

export const textOf = (draft: Draft): string => printCluster(presets.kindsOf, presetOf(draft));

/**
 * The cluster of a run: as its tape lays it out, with the nodes that are there now, and with the load it began with.
 * Throws where the tape cannot be read.
 */
export function beginRun(tapeText: string, now: ClusterSpec): void {
  const parsed = parseTape(tapes, tapeText);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  const { tape } = parsed;
  const cluster = clusterOfTape(presets, tape);
  if (cluster === null) throw new Error(`unknown preset ${tape.header.preset}`);
  begin(withNodesNow(cluster, now), ownNameOf(cluster.name));
}
