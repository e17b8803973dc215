import { Brand } from "../../components/brand.tsx";
import { PageLinks } from "../../components/page-links.tsx";
import { FIRST_DOCUMENT, pathOfDocument } from "../document-path.ts";
import { OpenDocument } from "./open-document.tsx";

/** Shown where the address names no document. */
export function NoDocument() {
  return (
    <main class="sign-in">
      <div class="card">
        <Brand />
        <h1>There is no such document</h1>
        <p>A document's name has letters, digits, and . _ ~ : - in it, 119 at most.</p>
        <OpenDocument />
        <p>
          Or go to <a href={pathOfDocument(FIRST_DOCUMENT)}>{FIRST_DOCUMENT}</a>.
        </p>
        <PageLinks current="/editor" />
      </div>
    </main>
  );
}
