// Pointer hit policy over the map: a message that flies over a suggestion or a control takes no press from it; on the map's
// own cards and links it does.

/**
 * Messages fly over suggestions, the legend and the controls: a press there is for those. On the map itself, cards and
 * links' own buttons included, it is for the message.
 */
export function isForControl(target: Pick<Element, 'closest'>): boolean {
  if (target.closest('[data-suggestion], .legend, .overview') !== null) return true;
  return target.closest('button') !== null && target.closest('.react-flow__renderer') === null;
}
