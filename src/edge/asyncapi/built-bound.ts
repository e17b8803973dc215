/**
 * The bound on a message's length in what was built, to be replaced by the deployment's own: no other
 * number of the description is so large.
 */
export const BUILT_CONTENT_CHARS = 987_654_321;
