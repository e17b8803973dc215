import { Places } from "../places/places.ts";

/** The documents, in which one writes, or only reads. */
export const DOCUMENTS = new Places({
  what: "document",
  page: "/editor",
  prefix: "document:",
  first: "welcome",
  less: "read",
  key: "hibiki.documents",
});
