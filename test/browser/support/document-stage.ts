import { expect } from "vitest";
import { SECRETS } from "../../support/server.ts";
import { it as onStage } from "./stage.ts";
import { Writer } from "./writer.ts";

type Enter = (name: string, options?: object) => Promise<Writer>;

/** Tests with a document of their own. */
export const it = onStage.extend<{
  /** Where this test's document is. */
  readonly place: string;
  /** Someone comes to this test's document as a guest; their page must not complain. */
  readonly come: Enter;
  /** The document's text as the server has it now. */
  readonly stored: () => Promise<string>;
}>({
  place: async ({ server, room }, use) => use(`${server.url}/editor/${room}`),
  come: async ({ browser, server, place }, use) => {
    const writers: Writer[] = [];
    await use(async (name, options) => {
      await server.revive();
      const writer = await Writer.enter(browser, place, name, options);
      writers.push(writer);
      return writer;
    });
    await Promise.all(writers.map((writer) => writer.leave()));
    expect(writers.flatMap(({ complaints }) => complaints)).toEqual([]);
  },
  stored: async ({ server, room }, use) =>
    use(async () => {
      const address = `${server.url}/v1/documents/${room}?as=text&root=content`;
      const headers = { authorization: `Bearer ${SECRETS.API_KEY}` };
      return (await fetch(address, { headers })).text();
    }),
});
