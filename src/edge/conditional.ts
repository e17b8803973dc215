import { etag, RETAINED_304_HEADERS } from "hono/etag";

/**
 * An answer is the same answer while its bytes are the same. A 304 keeps what a browser's own
 * script needs to be let near it. On few routes alone: it reads a body to its end.
 */
export const conditional = etag({
  retainedHeaders: [
    ...RETAINED_304_HEADERS,
    "access-control-allow-origin",
    "access-control-expose-headers",
  ],
});
