import { useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import type { DocumentVersion } from "../../../client/index.ts";
import { VERSION_BOUNDS } from "../../../protocol/version-limits.ts";
import { isComposing } from "../../input/composition.ts";
import { fullMoment, shortMoment } from "../../people/moment.ts";
import type { Person } from "../state/person.ts";
import { authorWords } from "../text/words.ts";

/** One version: when, by whom, its name, and what can be done with it. */
export function VersionItem(props: {
  readonly version: DocumentVersion;
  readonly people: readonly Person[];
  readonly mayWrite: boolean;
  readonly rename: (label: string) => Promise<void>;
  readonly restore: () => void;
}) {
  const { version, mayWrite } = props;
  const [isNaming, setNaming] = useState(false);
  const when = shortMoment(version.at, new Date());
  return (
    <li class="version">
      {isNaming ? (
        <Naming label={version.label ?? ""} rename={props.rename} close={() => setNaming(false)} />
      ) : (
        version.label !== undefined && (
          <p class="version-label" dir="auto">
            {version.label}
          </p>
        )
      )}
      <p class="version-when">
        <time dateTime={version.at} title={fullMoment(version.at)}>
          {when}
        </time>
        , {authorWords(version, props.people)}
      </p>
      {mayWrite && !isNaming && (
        <div class="buttons">
          <button
            type="button"
            class="button"
            aria-label={`Restore the version of ${when}`}
            onClick={props.restore}
          >
            Restore
          </button>
          <button
            type="button"
            class="button plain"
            aria-label={`Rename the version of ${when}`}
            onClick={() => setNaming(true)}
          >
            Rename
          </button>
        </div>
      )}
    </li>
  );
}

function Naming(props: {
  readonly label: string;
  readonly rename: (label: string) => Promise<void>;
  readonly close: () => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => queueMicrotask(() => field.current?.focus()), []);
  return (
    <form
      class="keep-row"
      onSubmit={(event: Event) => {
        event.preventDefault();
        void props.rename(field.current?.value.trim() ?? "").then(props.close);
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== "Escape" || isComposing(event)) return;
        event.stopPropagation();
        props.close();
      }}
    >
      <input
        class="field"
        ref={field}
        dir="auto"
        value={props.label}
        maxLength={VERSION_BOUNDS.labelChars}
        aria-label="Name of the version"
        autocomplete="off"
      />
      <button type="submit" class="button">
        Rename
      </button>
    </form>
  );
}
