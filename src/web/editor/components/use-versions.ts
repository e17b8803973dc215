import { useLayoutEffect, useState } from "hono/jsx/dom";
import type { DocumentVersion, SharedDocument } from "../../../client/index.ts";
import { problemOf } from "../../connection/from-sdk.ts";
import { problemWords } from "../../connection/words.ts";

/** The versions of a document, and what can be done with them. */
export interface Versions {
  /** The newest first; `undefined` until they are known. */
  readonly list: readonly DocumentVersion[] | undefined;
  readonly hasMore: boolean;
  /** What was done last, in words. */
  readonly news: string;
  /** What could not be done, in words. */
  readonly problem: string;
  more(): Promise<void>;
  keep(label: string): Promise<void>;
  rename(id: number, label: string): Promise<void>;
  restore(id: number): Promise<void>;
}

interface Page {
  readonly versions: readonly DocumentVersion[];
  readonly hasMore: boolean;
}

/** Asks for the versions once there is a way to the server, and again after each change. */
export function useVersions(shared: SharedDocument | undefined): Versions {
  const [page, setPage] = useState<Page>();
  const [news, setNews] = useState("");
  const [problem, setProblem] = useState("");

  const attempt = async (work: (document: SharedDocument) => Promise<string>) => {
    if (shared === undefined) return setProblem("There is no connection yet.");
    setProblem("");
    setNews("");
    try {
      setNews(await work(shared));
    } catch (error) {
      const problem = problemOf(error);
      // What is not found is no message here, as the page's words have it.
      setProblem(problem.code === "not_found" ? problem.message : problemWords(problem));
    }
  };
  const load = async (document: SharedDocument) => setPage(await document.versions());
  useLayoutEffect(() => {
    if (shared === undefined) return;
    void attempt(async (document) => {
      await load(document);
      return "";
    });
  }, [shared]);

  return {
    list: page?.versions,
    hasMore: page?.hasMore ?? false,
    news,
    problem,
    more: () =>
      attempt(async (document) => {
        const last = page?.versions.at(-1);
        const older = await document.versions(last === undefined ? {} : { before: last.id });
        setPage({ ...older, versions: [...(page?.versions ?? []), ...older.versions] });
        return "";
      }),
    keep: (label) =>
      attempt(async (document) => {
        // What is still on its way belongs to it as well, however long that takes.
        if (!document.saved) setNews("As soon as all is saved…");
        await document.whenSaved();
        await document.keepVersion(label === "" ? undefined : label);
        await load(document);
        return "This version is kept.";
      }),
    rename: (id, label) =>
      attempt(async (document) => {
        const named = await document.labelVersion(id, label === "" ? null : label);
        if (page !== undefined) {
          const versions = page.versions.map((one) => (one.id === id ? named : one));
          setPage({ ...page, versions });
        }
        return "Renamed.";
      }),
    restore: (id) =>
      attempt(async (document) => {
        const { changed } = await document.restoreVersion(id);
        await load(document);
        return changed ? "Restored." : "The text is what it was then already.";
      }),
  };
}
