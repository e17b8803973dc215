/**
 * The words that refuse a page of an origin that is not listed. A page that is shown by the very
 * server knows its own case by them: the code, `access_denied`, has other causes too.
 */
export const ORIGIN_REFUSED =
  "The origin of this page is not on the server's list of ALLOWED_ORIGINS: whoever runs the server can add it.";
