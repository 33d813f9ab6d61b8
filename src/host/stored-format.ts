// The version of everything that a lab keeps in the browser's databases.

/**
 * 3: states name attachments of volumes and incarnations of nodes. 2: metadata entries on the disks name their volume.
 * Another one is refused, nothing is guessed.
 */
export const STORED_FORMAT = 3;
