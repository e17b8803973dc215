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
