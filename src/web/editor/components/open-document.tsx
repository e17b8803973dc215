import { GoTo } from "../../components/go-to.tsx";
import { DOCUMENT_PATTERN, pathOfDocument } from "../document-path.ts";

/** Goes to a document by name. */
export function OpenDocument() {
  return (
    <GoTo
      what="document"
      pattern={DOCUMENT_PATTERN}
      rule="Letters, digits, and . _ ~ : -"
      go={(name) => location.assign(pathOfDocument(name))}
    />
  );
}
