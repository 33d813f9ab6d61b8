// What the parts of a run loop share: the cluster, what is asked of it, how time passes, and the picture that is due.

import type { Time } from '../base/ids.ts';
import type { MessageLabel } from '../core/kernel/message-label.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import { NEVER, type OutReply } from '../sim/types.ts';
import { type InterruptibleSleep, makeInterruptibleSleep } from './interruptible-sleep.ts';
import type { LiveCluster } from './live-cluster.ts';
import { makePacing, type Pacing, tie } from './pacing.ts';
import { makeRunRequests, type RunRequests } from './run-requests.ts';

/** `intermediate`: within a step that takes long; the events of the step are reported with its final picture. */
export type PictureKind = 'final' | 'intermediate';

export interface LoopOptions {
  readonly describe: (bytes: Uint8Array) => MessageLabel;
  readonly onReply: (reply: OutReply) => void;
  /** A picture is being made: the nodes are about to be asked for their views. */
  readonly onPictureBegun: () => void;
  /** Called at most once per frame time, after views were refreshed. */
  readonly onPicture: (shownTime: Time, kind: PictureKind) => void;
  /** False while the page has not drawn the last picture, and while it rests from it. */
  readonly needsPicture: (isHurried: boolean) => boolean;
  readonly onError: (error: unknown) => void;
}

/** A stretch of virtual time in which nothing happened and that was not shown at its length. */
export interface Skip {
  readonly from: Time;
  readonly to: Time;
}

/** How the loop goes on, as the page set it. */
export interface LoopSettings {
  readonly pacing: Pacing;
  playing: boolean;
  skipQuiet: boolean;
  /** Exclusive: a lesson's next step. It was found for the tape as it is: who puts something on the tape pauses the run. */
  limit: Time;
  /** While positive, time runs as fast as possible: statements that a person wants answered now. */
  hurry: number;
  view: ViewParams;
  /** Quiet times that were passed over, the newest last. */
  readonly skips: Skip[];
}

export interface LoopCore {
  readonly cluster: LiveCluster;
  readonly options: LoopOptions;
  readonly settings: LoopSettings;
  readonly requests: RunRequests;
  readonly sleep: InterruptibleSleep;
  /** The frame that time passes in: when it began, wall ms, and up to where it goes. */
  tick: { at: number; until: Time };
  /** When the last picture was made, wall ms; whether one is due, and whether the views in it would be old. */
  readonly picture: { at: number; isDue: boolean; isStale: boolean };
  isStopped: boolean;
  /** Why the loop ended, or null while it runs. */
  end: Error | null;
}

export function makeLoopCore(cluster: LiveCluster, options: LoopOptions): LoopCore {
  return {
    cluster,
    options,
    settings: {
      pacing: makePacing(),
      playing: false,
      skipQuiet: true,
      limit: NEVER,
      hurry: 0,
      view: { group: null, lsnWindow: null, span: 32, detail: false },
      skips: [],
    },
    requests: makeRunRequests(),
    sleep: makeInterruptibleSleep(),
    tick: { at: Number.NEGATIVE_INFINITY, until: 0 as Time },
    picture: { at: 0, isDue: true, isStale: true },
    isStopped: false,
    end: null,
  };
}

/** Virtual and wall time go on together from here. */
export function retie({ tick, settings, cluster }: LoopCore): void {
  tick.at = Number.NEGATIVE_INFINITY;
  tie(settings.pacing, cluster.fabric.now, performance.now());
}

export async function makeLoopPicture(
  { picture, options, cluster, settings }: LoopCore,
  kind: PictureKind = 'final',
): Promise<void> {
  // Before the views are asked for: whoever asks for others meanwhile gets the next picture.
  picture.isDue = false;
  options.onPictureBegun();
  if (picture.isStale) {
    picture.isStale = false;
    await cluster.refreshViews(settings.view);
  }
  picture.at = performance.now();
  options.onPicture(cluster.fabric.now, kind);
}
