// What a press over the map is for, where a message flies over something that is pressed itself.

/**
 * Messages fly over suggestions, the legend and the controls: a press there is for those. On the map itself, cards and
 * links' own buttons included, it is for the message.
 */
export function isForControl(target: Pick<Element, 'closest'>): boolean {
  if (target.closest('[data-suggestion], .legend, .overview') !== null) return true;
  return target.closest('button') !== null && target.closest('.react-flow__renderer') === null;
}
