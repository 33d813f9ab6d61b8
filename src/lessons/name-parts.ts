// Names of nodes, groups and volumes in the words of a lesson: in braces where they are written, so that a test finds those that are not
// there; as they are where they are read.

const NAME = /\{([a-z]+-?\d+)\}/g;

export const nameParts = (text: string): string => text.replaceAll(NAME, '$1');
