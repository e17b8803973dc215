/** The version that `/healthz` and the API's own description tell. */
export const VERSION = "0.2.0";
