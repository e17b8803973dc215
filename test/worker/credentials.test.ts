import { expect, it } from "vitest";
import { call } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";

const PATH = "/v1/rooms/credentials/users";

it("takes the first credential that is present, though a later one is better (P2.8)", async () => {
  const token = await tokenFor("ada");
  const offered = { "Sec-WebSocket-Protocol": "hibiki.v1.json, bearer.junk" };
  const good = { "Sec-WebSocket-Protocol": `hibiki.v1.json, bearer.${token}` };
  const answers = [
    await call("GET", `${PATH}?token=${token}`, { auth: "junk" }),
    await call("GET", `${PATH}?token=${token}`, { auth: "", headers: offered }),
    await call("GET", `${PATH}?token=junk`, { auth: token, headers: offered }),
    await call("GET", `${PATH}?token=junk`, { auth: "", headers: good }),
    await call("GET", `${PATH}?token=${token}`, { auth: "" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 200, 200, 200]);
});

it("says of what is in the header that it may be an API key with a slip, and of a token that it is none", async () => {
  const told = async (answer: Promise<Response>) =>
    ((await (await answer).json()) as { error: { message: string } }).error.message;
  expect(await told(call("GET", PATH, { auth: "an-api-key-with-a-slip" }))).toContain("API key");
  expect(await told(call("GET", PATH, { auth: "e30.e30.e30" }))).not.toContain("API key");
  expect(await told(call("GET", `${PATH}?token=junk`, { auth: "" }))).not.toContain("API key");
});
