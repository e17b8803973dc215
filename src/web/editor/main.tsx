import { render } from "hono/jsx/dom";
import { App } from "./components/app.tsx";
import { mountStylesIn } from "./writing/style-mount.ts";

mountStylesIn(document);
const page = document.getElementById("page");
if (page !== null) render(<App />, page);
