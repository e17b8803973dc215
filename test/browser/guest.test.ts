import { expect } from "vitest";
import { it } from "./support/stage.ts";

it("lets a guest whose token has ended come back as the same person, who still owns what they wrote", async ({
  enter,
}) => {
  const aiko = await enter("Aiko");
  await aiko.say("mine");
  await aiko.line("mine").getByText("Waiting to send").waitFor({ state: "detached" });
  const kept = () =>
    aiko.page.evaluate(
      () => JSON.parse(localStorage.getItem("hibiki.identity") ?? "{}") as Record<string, unknown>,
    );
  const before = await kept();
  await aiko.page.evaluate((identity) => {
    localStorage.setItem("hibiki.identity", JSON.stringify({ ...identity, expiresAtMs: 1 }));
  }, before);
  await aiko.page.reload();
  await aiko.connected();
  await aiko.line("mine").hover();
  await aiko.act("mine", "Edit");
  const editor = aiko.page.getByRole("textbox", { name: "Edit message" });
  await editor.fill("still mine");
  await editor.press("Enter");
  await aiko.sees("still mine");
  await aiko.line("still mine").getByText("edited").waitFor();
  const after = await kept();
  expect(after["userId"]).toBe(before["userId"]);
  expect(after["expiresAtMs"]).toBeGreaterThan(Date.now());
});

it("makes a new guest of the name where the kept token is none of this server's, and says so", async ({
  enter,
}) => {
  const aiko = await enter("Aiko");
  await aiko.say("of the earlier Aiko");
  await aiko
    .line("of the earlier Aiko")
    .getByText("Waiting to send")
    .waitFor({ state: "detached" });
  await aiko.page.evaluate(() => {
    const identity = JSON.parse(localStorage.getItem("hibiki.identity") ?? "{}");
    const foreign = { ...identity, token: "e30.e30.e30", expiresAtMs: 1 };
    localStorage.setItem("hibiki.identity", JSON.stringify(foreign));
  });
  await aiko.page.reload();
  await aiko.connected();
  await aiko.page.getByText("Signed in as Aiko").waitFor();
  const notice = aiko.page.getByRole("alert").getByText("you are a new guest now, called Aiko");
  await notice.waitFor();
  await aiko.line("of the earlier Aiko").hover();
  expect(await aiko.line("of the earlier Aiko").getByRole("button", { name: "Edit" }).count()).toBe(
    0,
  );
  // What is new elsewhere is looked for as who one is now.
  await aiko.page.waitForFunction(
    () =>
      JSON.parse(localStorage.getItem("hibiki.seen") ?? "{}").userId ===
      JSON.parse(localStorage.getItem("hibiki.identity") ?? "{}").userId,
  );
  await aiko.page.getByRole("button", { name: "Dismiss" }).click();
  await notice.waitFor({ state: "detached" });
});
