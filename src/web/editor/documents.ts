import { Places } from "../places/places.ts";

/** The documents, in which one writes, or only reads. */
export const DOCUMENTS = new Places({
  page: "/editor",
  prefix: "document:",
  first: "welcome",
  less: "read",
  key: "hibiki.documents",
});
