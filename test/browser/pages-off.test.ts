import { expect } from "vitest";
import { stageWith } from "./support/stage.ts";

const it = stageWith({ PAGES: "off" });

it("shows in the documentation no way to pages that are turned off", async ({ visit }) => {
  const page = await visit("/docs");
  await page.getByRole("heading", { level: 1, name: "HTTP API" }).waitFor();
  expect(await page.getByRole("link", { name: "Dashboard", exact: true }).count()).toBe(0);
});
