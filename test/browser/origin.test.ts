import { expect } from "vitest";
import { stageWith } from "./support/stage.ts";

const it = stageWith({ ALLOWED_ORIGINS: "https://elsewhere.example" });

it.for(["/rooms/staff", "/dashboard?topic=metrics"])(
  "says of a server whose ALLOWED_ORIGINS lacks the page's own address that this is why: %s",
  async (path, { visit, server }) => {
    const page = await visit(path);
    await page.getByLabel("Your name").fill("Mio");
    await page.keyboard.press("Enter");
    const alert = page.getByRole("alert").getByText("ALLOWED_ORIGINS");
    await alert.waitFor();
    expect(await alert.textContent()).toContain(`has to add ${server.url} there`);
  },
);
