// The storage of this site, for what the screen remembers. A page that stands in another's (embed.html) remembers nothing and reads
// nothing: whoever frames it could otherwise have it change what a person keeps.

/** Said by the page itself, before any script. */
export const isEmbedded = globalThis.document?.documentElement.dataset?.embedded !== undefined;

/** May throw where a browser refuses storage. */
export const siteStorage = (): Storage | undefined => (isEmbedded ? undefined : globalThis.localStorage);
