import { render } from "hono/jsx/dom";
import { App } from "./components/app.tsx";

const page = document.getElementById("page");
if (page !== null) render(<App />, page);
