/**
 * The SDK's words for a document that was deleted while somebody had it (P17.14). A page knows by them
 * what it must not bring back: the code, `not_found`, may also be what a team's own rule says.
 */
export const DOCUMENT_DELETED = "The document was deleted.";
