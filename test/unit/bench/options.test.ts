import { expect, it } from "vitest";
import { commandOf, readOptions } from "../../bench/options.ts";

it("measures everything five times unless told otherwise", () => {
  expect(readOptions([])).toEqual({
    only: [],
    servers: [],
    runs: 5,
    out: undefined,
    against: undefined,
    smoke: false,
    wranglerDev: false,
    help: false,
  });
});

it.each([
  [["--only="], "--only has an empty name."],
  [["--only", "quiet,"], "--only has an empty name."],
  [["--servers", ",ws"], "--servers has an empty name."],
  [["--out="], "--out has an empty name."],
  [["--out", ""], "--out has an empty name."],
  [["--against="], "--against has an empty name."],
  [["--runs"], "--runs wants a value."],
  [["--runs", "1", "--runs", "2"], "--runs is given twice."],
  [["-h", "--help"], "--help is given twice."],
  [["--runs", "-1"], "--runs is a whole number above 0."],
  [["--runs", "1.5"], "--runs is a whole number above 0."],
  [["--help=yes"], "--help takes no value."],
  [["--fast"], "There is no option --fast."],
  [["-x"], "There is no option -x."],
  [["quiet"], `"quiet" belongs to no option.`],
  [["--smoke", "--only", "quiet"], "--smoke and --only do not go together."],
  [["--smoke", "--runs", "5"], "--smoke and --runs do not go together."],
])("refuses %j in its own words and points to the help", (args, words) => {
  expect(() => readOptions(args)).toThrow(`${words} See npm run bench -- --help.`);
});

it("takes -h for --help", () => {
  expect(readOptions(["-h"]).help).toBe(true);
});

it("takes the name of Hibiki under wrangler dev for the wish to measure it", () => {
  expect(readOptions(["--servers", "ws,hibiki-dev"]).wranglerDev).toBe(true);
});

it.each([
  [[], "npm run bench -- --only quiet"],
  [["--smoke"], "npm run bench -- --smoke"],
  [
    ["--only", "quiet,page", "--runs", "2", "--servers", "hibiki,ws", "--wrangler-dev"],
    "npm run bench -- --only quiet --servers hibiki,ws --runs 2 --wrangler-dev",
  ],
  [["--against", "0.1.0"], "npm run bench -- --only quiet --against 0.1.0"],
])("says which command measures one scenario of %j again", (args, command) => {
  expect(commandOf(readOptions(args), "quiet")).toBe(command);
});
