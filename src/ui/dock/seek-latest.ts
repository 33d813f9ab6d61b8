// Dragging asks for a time at every move of the pointer: one seek runs at a time, and of what came meanwhile only the
// newest is done.

import { type Time, time } from '../../base/ids.ts';

export function makeSeekLatest(seek: (at: Time) => Promise<void>): (us: number) => void {
  let running = false;
  let wanted: number | null = null;
  const run = async (): Promise<void> => {
    running = true;
    while (wanted !== null) {
      const at = time(wanted);
      wanted = null;
      await seek(at).catch(() => undefined);
    }
    running = false;
  };
  return (us) => {
    wanted = us;
    if (!running) void run();
  };
}
