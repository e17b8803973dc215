import { useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import type { DocumentVersion, SharedDocument } from "../../../client/index.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Icon } from "../../components/icon.tsx";
import { isComposing } from "../../input/composition.ts";
import type { Person } from "../state/person.ts";
import { KeepVersion } from "./keep-version.tsx";
import { useVersions } from "./use-versions.ts";
import { VersionItem } from "./version-item.tsx";

/** What the document was before: to keep, to name, and to have back. */
export function VersionPanel(props: {
  /** `undefined` until there is a way to the server. */
  readonly shared: SharedDocument | undefined;
  readonly people: readonly Person[];
  readonly mayWrite: boolean;
  readonly close: () => void;
}) {
  const { shared, mayWrite } = props;
  const versions = useVersions(shared);
  const heading = useRef<HTMLHeadingElement>(null);
  const [restoring, setRestoring] = useState<DocumentVersion>();
  useLayoutEffect(() => queueMicrotask(() => heading.current?.focus()), []);
  return (
    <section
      class="versions"
      id="versions"
      aria-labelledby="versions-title"
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== "Escape" || isComposing(event)) return;
        if (restoring === undefined) props.close();
      }}
    >
      <div class="versions-head">
        <h2 id="versions-title" ref={heading} tabIndex={-1}>
          Versions
        </h2>
        <button type="button" class="action" aria-label="Close versions" onClick={props.close}>
          <Icon name="close" />
        </button>
      </div>
      {mayWrite && <KeepVersion keep={versions.keep} />}
      <p class="versions-news" role="status">
        {versions.news}
      </p>
      {versions.problem !== "" && (
        <p class="problem-text" role="alert">
          {versions.problem}
        </p>
      )}
      {versions.list?.length === 0 && (
        <p class="versions-empty">
          None yet. One is kept by itself about every hour while people write.
        </p>
      )}
      <ul>
        {versions.list?.map((version) => (
          <VersionItem
            key={version.id}
            version={version}
            people={props.people}
            mayWrite={mayWrite}
            rename={(label) => versions.rename(version.id, label)}
            restore={() => setRestoring(version)}
          />
        ))}
      </ul>
      {versions.hasMore && (
        <button type="button" class="button" onClick={() => void versions.more()}>
          Show older ones
        </button>
      )}
      {restoring !== undefined && (
        <ConfirmDialog
          title="Restore this version?"
          confirmWords="Restore"
          confirm={() => void versions.restore(restoring.id)}
          close={() => setRestoring(undefined)}
        >
          <p>
            The text becomes what it was then, for everybody and at once. What is there now is kept
            as a version first, so that you can have it back.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}
