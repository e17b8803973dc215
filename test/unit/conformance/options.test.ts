import { expect, it } from "vitest";
import { readOptions } from "../../conformance/options.ts";

it("judges our Worker five times, by bare workerd and by wrangler, unless told otherwise", () => {
  expect(readOptions(["/tmp/clone"])).toEqual({
    repository: "/tmp/clone",
    runs: 5,
    pairs: [
      { suite: "engine", server: "workerd" },
      { suite: "engine", server: "wrangler" },
      { suite: "socketio", server: "workerd" },
      { suite: "socketio", server: "wrangler" },
      { suite: "client", server: "workerd" },
      { suite: "client", server: "wrangler" },
    ],
  });
});

it("runs every suite on the server that they were written for", () => {
  const options = readOptions(["/tmp/clone", "--server", "node", "--runs", "2"]);
  expect(options?.runs).toBe(2);
  expect(options?.pairs.map(({ suite }) => suite)).toEqual(["engine", "socketio", "client"]);
});

it("knows when it is asked for help", () => {
  expect(readOptions(["--help"])).toBeNull();
});

it.each([
  [[], "The path of a clone of socketio/socket.io is missing."],
  [["/a", "/b"], `"/b" belongs to no option.`],
  [["/a", "--runs", "0"], "--runs is a whole number above 0."],
  [["/a", "--runs", "1.5"], "--runs is a whole number above 0."],
  [["/a", "--suite", "v5"], "--suite is one of engine, socketio, client."],
  [["/a", "--server", "bun"], "--server is one of workerd, wrangler, node."],
])("refuses %j and points to the help", (args, words) => {
  expect(() => readOptions(args)).toThrow(`${words} See npm run test:conformance -- --help.`);
});
