import type { LoadDescribe } from "../deployment.ts";

/** The description of the frames, made from the very schemas that check them: of any deployment. */
export const generatedAsyncApi: LoadDescribe = async () =>
  (await import("./document.ts")).asyncApiDocument;
