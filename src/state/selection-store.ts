// What is selected, and which tool or panel is open. View state only: nothing here reaches the cluster or the tape.
// Whatever is selected anywhere is lit everywhere (highlight.ts); what was selected before is a step back.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { isSame } from '../base/same-plain.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import { frameStore } from './frame-store.ts';
import { type SelectionScope, scopeOf, volumeOfGroup } from './highlight.ts';
import { ownVolume, volumesIn } from './role-views.ts';
import { type Subject, sameSubject } from './subject.ts';

export type { Subject } from './subject.ts';

/** What something can be done to. */
export type Target = Extract<Subject, { kind: 'node' | 'link' | 'message' }>;

export const targetOf = (subject: Subject | null): Target | null =>
  subject?.kind === 'node' || subject?.kind === 'link' || subject?.kind === 'message' ? subject : null;

export type Panel =
  | { readonly kind: 'partition'; readonly side: readonly string[] }
  | { readonly kind: 'cutLinks'; readonly node: string }
  | { readonly kind: 'crashLosing'; readonly node: string }
  | { readonly kind: 'typedFault'; readonly subject: Extract<Target, { kind: 'node' | 'link' }> }
  | { readonly kind: 'share' }
  /** `of`: the picture that is recorded, by its id. */
  | { readonly kind: 'record'; readonly of: string }
  | { readonly kind: 'import' }
  | { readonly kind: 'forget' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'rulesOff' }
  /** `>` in front of the query: places to go only. */
  | { readonly kind: 'palette'; readonly query: string };

export type InspectorTab =
  | 'summary'
  | 'state'
  | 'log'
  | 'disk'
  | 'archive'
  | 'links'
  | 'config'
  | 'faults'
  | 'trace'
  | 'raw';

/** Steps back that are kept. */
const pastLimit = 20;

/** `[first, last)` */
export type LsnRange = readonly [first: number, last: number];

export interface SelectionState {
  /** What the inspector shows: the last of `subjects`. */
  readonly subject: Subject | null;
  /** Everything selected, in the order chosen. */
  readonly subjects: readonly Subject[];
  /** All selected nodes, the subject's included. */
  readonly nodes: readonly string[];
  /** What is lit because of the subject; null: nothing is dimmed. */
  readonly scope: SelectionScope | null;
  /** Selections before this one, newest last. */
  readonly past: readonly (readonly Subject[])[];
  readonly tab: InspectorTab;
  readonly panel: Panel | null;
  /** Node that has the roving focus on the map. */
  readonly focus: string | null;
  /** What the pointer is on, anywhere. */
  readonly hovered: Subject | null;
  /** What is lit because the pointer rests on something; it goes before the selection's. */
  readonly hoverScope: SelectionScope | null;
  /** Group the lens is scoped to; null follows the cluster's last group. */
  readonly group: string | null;
  /** Volume the lenses look at; null: the first. */
  readonly volume: string | null;
  /** LSNs that a lesson speaks of: the lenses over the log show them. */
  readonly lsns: LsnRange | null;
  /** LSNs whose list a lesson asks for and has no answer yet: what is on its way to a disk is not drawn there. */
  readonly veiled: LsnRange | null;
}

export const selectionStore = createStore<SelectionState>(() => ({
  subject: null,
  subjects: [],
  nodes: [],
  scope: null,
  past: [],
  tab: 'summary',
  panel: null,
  focus: null,
  hovered: null,
  hoverScope: null,
  group: null,
  volume: null,
  lsns: null,
  veiled: null,
}));

/** The key of the page that is selected, itself or by a row in it; null: none is. */
export function selectedPage(): number | null {
  const { subject } = selectionStore.getState();
  return subject?.kind === 'page' || subject?.kind === 'row' ? subject.blockKey : null;
}

/** Click selects one; Shift adds; Ctrl toggles. */
export type SelectMode = 'only' | 'add' | 'toggle';

const lightFor = (subject: Subject): SelectionScope | null =>
  scopeOf(subject, frameStore.getState().frame, selectionStore.getState().volume);

/** What is selected is lit anew: something of it was not known when it was chosen. */
export function relight(subject: Subject): void {
  const { subject: chosen, scope } = selectionStore.getState();
  if (chosen === null || !sameSubject(chosen, subject)) return;
  const next = lightFor(subject);
  if (!isSame(scope, next)) selectionStore.setState({ scope: next });
}

/** The state in which these are selected. */
function selecting(subjects: readonly Subject[]): Partial<SelectionState> {
  const subject = subjects.at(-1) ?? null;
  return {
    subjects,
    subject,
    nodes: subjects.flatMap((one) => (one.kind === 'node' ? [one.id] : [])),
    scope: subject === null ? null : lightFor(subject),
    ...(subject?.kind === 'node' ? { focus: subject.id } : {}),
  };
}

/** An LSN is of the volume that is looked at: another volume lets it go. */
export function lookAtVolume(volume: string): void {
  selectionStore.setState({ volume, group: null });
  goTo(selectionStore.getState().subjects.filter(({ kind }) => kind !== 'lsn' && kind !== 'mtr'));
}

/** The lenses follow to the volume of a group. */
function lookAtGroup(group: string): void {
  const { frame } = frameStore.getState();
  const volume = frame === null ? null : volumeOfGroup(frame, group);
  const own = frame === null ? null : ownVolume(frame.cluster, volumesIn(frame));
  if (volume !== null && volume !== (selectionStore.getState().volume ?? own)) lookAtVolume(volume);
}

function groupOf(subject: Subject): string | null {
  if (subject.kind === 'group') return subject.id;
  return subject.kind === 'page' || subject.kind === 'row' ? subject.group : null;
}

function goTo(subjects: readonly Subject[]): void {
  const before = selectionStore.getState();
  if (isSame(before.subjects, subjects)) return;
  // What was let go and is chosen again is a step back.
  const isReturn = before.subjects.length === 0 && isSame(before.past.at(-1), subjects);
  const behind = isReturn ? before.past.slice(0, -1) : before.past;
  const past = before.subjects.length === 0 ? behind : [...before.past, before.subjects];
  selectionStore.setState({ ...selecting(subjects), past: past.slice(-pastLimit) });
}

export function select(subject: Subject, mode: SelectMode = 'only'): void {
  const group = groupOf(subject);
  if (group !== null) lookAtGroup(group);
  const { subjects } = selectionStore.getState();
  const others = subjects.filter((one) => !sameSubject(one, subject));
  if (mode === 'only') goTo([subject]);
  else if (mode === 'toggle' && others.length < subjects.length) goTo(others);
  else goTo([...others, subject]);
}

/** Selects all of these at once: a box drawn on the map, "select all". */
export function selectAll(subjects: readonly Subject[], mode: SelectMode = 'only'): void {
  const before = mode === 'only' ? [] : selectionStore.getState().subjects;
  goTo([...before.filter((one) => !subjects.some((next) => sameSubject(one, next))), ...subjects]);
}

/** What is selected is of its run: another one has other events, pages and messages by the same names. */
export function letGoFor(before: WorldFrame | null, next: WorldFrame, isOtherRun: boolean): void {
  if (before === null || (!isOtherRun && before.preset === next.preset && before.seed === next.seed)) return;
  const { group } = selectionStore.getState();
  selectionStore.setState({
    ...selecting([]),
    past: [],
    hovered: null,
    hoverScope: null,
    volume: null,
    group: next.cluster.groups.some(({ id }) => id === group) ? group : null,
  });
}

/** The selection before this one. */
export function selectBack(): void {
  const { past } = selectionStore.getState();
  const last = past.at(-1);
  if (last !== undefined) selectionStore.setState({ ...selecting(last), past: past.slice(0, -1) });
}

/** Wall ms that the pointer rests on something before the rest is dimmed: crossing the screen dims nothing. */
const restMs = 120;
let resting: ReturnType<typeof setTimeout> | undefined;

/** The pointer is on this, or on nothing that can be pointed at. */
export function hover(subject: Subject | null): void {
  const { hovered } = selectionStore.getState();
  if (isSame(hovered, subject)) return;
  selectionStore.setState({ hovered: subject });
  clearTimeout(resting);
  resting = setTimeout(() => {
    const hoverScope = subject === null ? null : lightFor(subject);
    if (selectionStore.getState().hoverScope !== hoverScope) selectionStore.setState({ hoverScope });
  }, restMs);
}

export const selectNode = (id: string, mode: SelectMode = 'only'): void => select({ kind: 'node', id }, mode);
export const selectLink = (a: string, b: string, mode: SelectMode = 'only'): void =>
  select({ kind: 'link', a, b }, mode);
export const selectMessage = (id: string, mode: SelectMode = 'only'): void =>
  select({ kind: 'message', id }, mode);
/** `group`: of which the record is, where that is known. */
export function selectLsn(lsn: number, group: string | null = null): void {
  if (group !== null) lookAtGroup(group);
  select({ kind: 'lsn', lsn });
}

export function clearSelection(): void {
  goTo([]);
  selectionStore.setState({ panel: null });
}
export const setPanel = (panel: Panel | null): void => selectionStore.setState({ panel });

export function useSelection<T>(select: (state: SelectionState) => T): T {
  return useStore(selectionStore, select);
}

/** What is lit: because of what the pointer rests on, else because of the selection; null while nothing is dimmed. */
export const litOf = ({ hoverScope, scope }: SelectionState): SelectionScope | null => hoverScope ?? scope;

export const useSelectionScope = (): SelectionScope | null => useSelection(litOf);
