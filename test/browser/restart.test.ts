import { expect } from "vitest";
import { it } from "./support/stage.ts";

it("loses and doubles nothing when the server is killed while someone writes", async ({
  server,
  enter,
}) => {
  const [aiko, ben] = await Promise.all([enter("Aiko"), enter("Ben")]);
  const written: string[] = [];
  const write = async (text: string) => {
    written.push(text);
    await aiko.say(text);
  };

  for (let i = 1; i <= 5; i++) await write(`calm ${i}`);
  await ben.sees("calm 5");
  const killed = server.kill();
  for (let i = 1; i <= 10; i++) await write(`storm ${i}`);
  await killed;
  await aiko.status.filter({ hasText: /Reconnecting, try \d+/ }).waitFor();
  await write("dark 1");
  await aiko.line("dark 1").getByText("Waiting to send").waitFor();
  await aiko.status.filter({ hasText: /\d+ waiting to send/ }).waitFor();
  expect(await aiko.messages()).toEqual(written);

  await server.up();
  await write("dawn 1");
  await Promise.all([ben.sees("dawn 1"), aiko.connected(), ben.connected()]);
  await aiko.page.locator(".line.pending").first().waitFor({ state: "detached" });
  expect(await ben.messages()).toEqual(written);
  expect(await aiko.messages()).toEqual(written);
  expect(await aiko.page.getByText("Waiting to send").count()).toBe(0);

  await ben.say("all there");
  await aiko.sees("all there");
  await aiko.page.reload();
  await aiko.sees("all there");
  expect(await aiko.messages()).toEqual([...written, "all there"]);
});

it("sends what waited though one has gone to another room meanwhile", async ({ server, enter }) => {
  const [aiko, ben] = await Promise.all([enter("Aiko"), enter("Ben")]);
  await server.kill();
  await aiko.status.filter({ hasText: /Reconnecting/ }).waitFor();
  await aiko.say("from the dark");
  await aiko.line("from the dark").getByText("Waiting to send").waitFor();
  await aiko.page.getByRole("textbox", { name: "Name of another room" }).fill("elsewhere");
  await aiko.page.getByRole("button", { name: "Go" }).click();
  await aiko.page.getByRole("heading", { level: 1, name: "elsewhere" }).waitFor();
  await server.up();
  await ben.sees("from the dark");
  await aiko.page.goBack();
  await aiko.sees("from the dark");
  expect(await aiko.messages()).toEqual(["from the dark"]);
});
