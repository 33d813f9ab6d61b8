// Staggered chart drawing: charts that are open together are made and drawn one in an animation frame: eight at once
// would fill several.

const waiting: (() => void)[] = [];
let isTurning = false;

function turn(): void {
  waiting.shift()?.();
  isTurning = waiting.length > 0;
  if (isTurning) requestAnimationFrame(turn);
}

/** Does `work` when its turn comes, unless it is taken back. */
export function inTurn(work: () => void): () => void {
  waiting.push(work);
  if (!isTurning) requestAnimationFrame(turn);
  isTurning = true;
  return () => {
    const at = waiting.indexOf(work);
    if (at !== -1) waiting.splice(at, 1);
  };
}
