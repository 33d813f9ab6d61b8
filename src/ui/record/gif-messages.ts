// What the page asks of the worker that encodes a GIF, and its answers: one for each question, in their order.

export type GifRequest =
  | { readonly kind: 'begin'; readonly width: number; readonly height: number; readonly delayMs: number }
  | { readonly kind: 'picture'; readonly pixels: Uint8ClampedArray<ArrayBuffer> }
  | { readonly kind: 'end' };

export type GifAnswer =
  /** The file, when it was asked to end. */
  { readonly ok: true; readonly gif: ArrayBuffer | null } | { readonly ok: false; readonly detail: string };
