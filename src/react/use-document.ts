import { useCallback } from "react";
import type {
  DocumentOptions,
  RealtimeClient,
  RealtimeError,
  RoomStatus,
  SharedDocument,
} from "../client/index.ts";
import { closedError } from "./closed-error.ts";
import { type LateHandle, lateSort } from "./late-handle.ts";
import { usePlace } from "./place.ts";
import { useView } from "./use-view.ts";

/** A document that people edit together, as a component sees it. */
export interface UsedDocument {
  /** `undefined` until its code is there, and on a server. */
  readonly doc: SharedDocument["doc"] | undefined;
  readonly awareness: SharedDocument["awareness"] | undefined;
  readonly status: RoomStatus;
  /** Whether all that the server had, as of this connection, is here. */
  readonly synced: boolean;
  /** Whether the server has stored all that was changed here. */
  readonly saved: boolean;
  /** Whether the server has said that this user may not change it. */
  readonly readOnly: boolean;
  /** Why the document is closed for good. */
  readonly error: RealtimeError | undefined;
}

const BEFORE: UsedDocument = {
  doc: undefined,
  awareness: undefined,
  status: "connecting",
  synced: false,
  saved: true,
  readOnly: false,
  error: undefined,
};

/**
 * Opens a document for as long as a component is there that asks for it, named with or without
 * `document:` before it. All that do share one; the `options` of the first count.
 */
export function useDocument(name: string, options: DocumentOptions = {}): UsedDocument {
  const { doc, awareness } = options;
  const open = useCallback(
    (client: RealtimeClient) =>
      lateSort<SharedDocument>({
        open: () => client.document(name, { doc, awareness }),
        watch: (opened, changed) => void opened.subscribe(changed),
        leave: (opened) => opened.close(),
        isBusy: ({ saved }) => !saved,
      }),
    [name, doc, awareness],
  );
  return useView(usePlace(`document ${name.replace(/^document:/, "")}`, open), viewOf, BEFORE);
}

function viewOf(handle: LateHandle<SharedDocument>): UsedDocument {
  const { opened, status } = handle;
  const error = closedError(handle);
  if (opened === undefined) return { ...BEFORE, status, error };
  const { doc, awareness, synced, saved, readOnly } = opened;
  return { doc, awareness, status, synced, saved, readOnly, error };
}
