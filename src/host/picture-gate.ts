// When the next picture may be made: once the page has drawn the last, and has had time for something else. A machine that
// cannot keep up gets fewer pictures, never a queue of old ones that stands between a click and its effect, and never
// pictures alone: what a picture takes, from the nodes' views to the page's drawing, it takes from the frames between.

/** Wall ms after which a picture counts as drawn though the page has not said so: it may be in the background. */
const LIMIT_MS = 1000;
/** Share of what a picture took that passes before the next is begun, and the longest such rest, ms. */
const REST_SHARE = 0.5;
const REST_LIMIT_MS = 60;

export interface PictureGate {
  /** `isHurried`: at maximum speed there are no frames of its own to rest for, and pictures are far apart anyway. */
  isOpen(isHurried: boolean): boolean;
  onBegun(): void;
  onSent(): void;
  onDrawn(): void;
}

export function makePictureGate(now: () => number = () => performance.now()): PictureGate {
  let begunAt = 0;
  let sentAt: number | null = null;
  let opensAt = 0;
  return {
    isOpen: (isHurried) => (sentAt === null ? isHurried || now() >= opensAt : now() - sentAt > LIMIT_MS),
    onBegun() {
      begunAt = now();
    },
    onSent() {
      sentAt = now();
    },
    onDrawn() {
      if (sentAt === null) return;
      sentAt = null;
      opensAt = now() + Math.min(REST_LIMIT_MS, (now() - begunAt) * REST_SHARE);
    },
  };
}
