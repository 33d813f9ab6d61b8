// The page's side of what it measures: a lab of its own in a window of its own, and what that window says.

import { deleteLab } from '../../host/databases.ts';
import { randomId } from '../../host/random-id.ts';
import { SPEED_LAB, type SpeedWord, speedChannel } from './measures.ts';

const WINDOW = 'popup,width=1280,height=800';
/** Wall ms between two looks at whether a person has closed it. */
const LOOK_MS = 500;

export interface Measuring {
  /** Closes the window: it measures nothing more. */
  stop(): void;
}

/** Opens the window while the press that asks for it still counts. Null: the browser does not let it. */
export function openMeasured(onWord: (word: SpeedWord) => void): Measuring | null {
  const run = randomId(1);
  // What an earlier one has left, before the new one's lab is opened.
  void deleteLab(SPEED_LAB);
  const opened = window.open(`${location.pathname}?lab=${SPEED_LAB}&measure=${run}#/lab`, '_blank', WINDOW);
  if (opened === null) return null;
  const channel = new BroadcastChannel(speedChannel(run));
  let isOver = false;
  const end = (word: SpeedWord): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(looks);
    channel.close();
    onWord(word);
    // Its disks are free once the window is gone.
    void deleteLab(SPEED_LAB);
  };
  let wasClosed = false;
  const looks = setInterval(() => {
    // Its last word may still be on its way at the first look.
    if (opened.closed && wasClosed) end({ kind: 'failed', error: '', isHidden: false });
    wasClosed = opened.closed;
  }, LOOK_MS);
  channel.onmessage = ({ data }: MessageEvent<SpeedWord>) => {
    if (data.kind === 'done' || data.kind === 'failed') end(data);
    else onWord(data);
  };
  return {
    stop() {
      opened.close();
    },
  };
}
