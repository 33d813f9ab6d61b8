// What the audience is shown beside the run itself: which lens and pane, the beat's title, a question, the pointer. The presenter's
// window has it and sends it to audience windows over a channel of the lab, which answer with the keys that were pressed there.

import * as v from 'valibot';
import { createStore } from 'zustand/vanilla';
import type { LensId } from '../../state/settings-store.ts';

const both = v.object({ en: v.string(), zh: v.string() });

const stageShape = v.object({
  language: v.picklist(['en', 'zh-CN']),
  theme: v.picklist(['light', 'dark']),
  isHighContrast: v.boolean(),
  title: v.nullable(both),
  /** Null: the first of the run. */
  lens: v.nullable(v.string()),
  /** The pane that fills the window. */
  full: v.nullable(v.picklist(['map', 'lens'])),
  isBlank: v.boolean(),
  /** A question with the hands that were raised for each answer. */
  asked: v.nullable(
    v.object({ question: both, answers: v.array(v.object({ text: both, hands: v.number() })) }),
  ),
  /** Where the presenter points: shares of the window's width and height. */
  pointer: v.nullable(v.object({ kind: v.picklist(['laser', 'spotlight']), x: v.number(), y: v.number() })),
});
export type Stage = v.InferOutput<typeof stageShape>;
export type Pointer = NonNullable<Stage['pointer']>;

/** What a key of a clicker or of the table asks for, in either window. */
export const stageKeys = ['next', 'previous', 'blank', 'full', 'escape'] as const;
export type StageKey = (typeof stageKeys)[number];

/** From the presenter the stage; from an audience a key, or neither: it has come, and asks for the stage. */
const messageShape = v.object({
  stage: v.nullable(stageShape),
  key: v.nullable(v.picklist(stageKeys)),
});
type StageMessage = v.InferOutput<typeof messageShape>;

export const emptyStage: Stage = {
  language: 'en',
  theme: 'light',
  isHighContrast: false,
  title: null,
  lens: null,
  full: null,
  isBlank: false,
  asked: null,
  pointer: null,
};

export const stageStore = createStore<Stage>(() => emptyStage);
export const setStage = (change: Partial<Stage>): void => stageStore.setState(change);

/** The lens that is asked for; the run says whether it has it. */
export const lensOf = ({ lens }: Stage): LensId | null => lens as LensId | null;

/** Other tabs are of the same origin, but perhaps of another build: the shape is checked. */
export function openChannel(lab: string, onMessage: (message: StageMessage) => void) {
  const channel = new BroadcastChannel(`postdb-lab/${lab}/stage`);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const read = v.safeParse(messageShape, data);
    if (read.success) onMessage(read.output);
  };
  return {
    post: (message: StageMessage): void => channel.postMessage(message),
    close: (): void => channel.close(),
  };
}

const storageKey = 'postdb-lab:stage';

/** As it was before this tab was reloaded; nobody points then. */
export function restoreStage(): void {
  try {
    const read = v.safeParse(stageShape, JSON.parse(sessionStorage.getItem(storageKey) ?? 'null'));
    if (read.success) setStage({ ...read.output, pointer: null });
  } catch {
    // Storage refused, or damaged: it begins anew.
  }
}

export function keepStage(stage: Stage): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(stage));
  } catch {
    // It is gone with the page then.
  }
}
