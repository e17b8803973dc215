import { render } from "hono/jsx/dom";
import { Failure } from "./components/failure.tsx";
import { Page } from "./components/page.tsx";
import type { OpenApi } from "./document.ts";

const page = document.getElementById("page");
if (page !== null) await show(page);

async function show(place: HTMLElement): Promise<void> {
  const [api, hasOtherPages] = await Promise.all([load(), isPageAt("/")]);
  if (api === undefined) {
    render(<Failure />, place);
    return;
  }
  render(<Page api={api} origin={location.origin} hasOtherPages={hasOtherPages} />, place);
  // The browser looked for it before it was there.
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

async function load(): Promise<OpenApi | undefined> {
  try {
    const response = await fetch("/openapi.json");
    return response.ok ? ((await response.json()) as OpenApi) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the server has its other pages turned on: with `PAGES = "off"` there is this one alone. */
async function isPageAt(path: string): Promise<boolean> {
  try {
    return (await fetch(path, { method: "HEAD" })).ok;
  } catch {
    return false;
  }
}
