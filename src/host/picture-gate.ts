// When the next picture may go to the page: once it has drawn the last. A page that cannot keep up gets fewer pictures,
// never a queue of old ones that stands between a click and its effect.

/** Wall ms after which a picture counts as drawn though the page has not said so: it may be in the background. */
const LIMIT_MS = 1000;

export interface PictureGate {
  isOpen(): boolean;
  onSent(): void;
  onDrawn(): void;
}

export function makePictureGate(): PictureGate {
  let sentAt: number | null = null;
  return {
    isOpen: () => sentAt === null || performance.now() - sentAt > LIMIT_MS,
    onSent() {
      sentAt = performance.now();
    },
    onDrawn() {
      sentAt = null;
    },
  };
}
