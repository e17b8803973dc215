import { ProtocolError } from "../../protocol/error.ts";
import { NOTHING_HERE } from "../../protocol/refusals.ts";
import type { LoadDescribe } from "../deployment.ts";
import { pageAsset } from "../page-asset.ts";
import { BUILT_CONTENT_CHARS } from "./built-bound.ts";

/** Where it is among the pages, of which nobody is shown this one: .scripts/build-web.mjs writes it. */
const PATH = "/asyncapi.json";

/**
 * The description of the default deployment's frames as it was made with the pages: what makes it is
 * 4 KiB of what would be deployed. Where there are no pages there is none.
 *
 * @param binding the static assets that have the pages.
 */
export function builtAsyncApi(binding: string): LoadDescribe {
  return async (env) => {
    const built = await pageAsset(env, binding, new URL(PATH, "https://pages"));
    if (built === undefined) throw ProtocolError.of(NOTHING_HERE);
    const text = await built.text();
    return (_, contentChars) =>
      JSON.parse(text.replaceAll(String(BUILT_CONTENT_CHARS), String(contentChars)));
  };
}
