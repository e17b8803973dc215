// The guides: Markdown files beside the page of the API, each a page of its own.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Marked } from "marked";

const FOLDER = "src/web/docs/guides";
const SHELL = "src/web/docs/guide.html";

/** In the order in which they are read; README and the pages list them so. */
export const GUIDES = [
  "kind",
  "rules",
  "webhooks",
  "react",
  "testing",
  "partykit",
  "documents",
  "moving",
  "games",
  "colyseus",
  "socketio",
  "rooms",
];

/**
 * Every guide as a page: the shell's document with its parts filled in.
 *
 * @param root of the repository.
 */
export async function guidePages(root) {
  const shell = await readFile(join(root, SHELL), "utf8");
  const guides = await Promise.all(GUIDES.map((name) => readGuide(root, name)));
  return guides.map((guide) => {
    const parts = {
      title: guide.title,
      about: guide.about,
      guides: guides.map((other) => linkTo(other, guide)).join(""),
      sections: contentsOf(guide.sections),
      body: guide.body,
    };
    // By a function: what is put in may have "$" in it.
    const html = shell.replace(/\{\{(\w+)\}\}/g, (_, part) => parts[part]);
    return { document: SHELL, served: `docs/${guide.name}.html`, html };
  });
}

/** @throws {Error} for a guide that does not begin with its title and a paragraph of what it is about. */
async function readGuide(root, name) {
  const path = join(root, FOLDER, `${name}.md`);
  const sections = [];
  const marked = new Marked({
    renderer: {
      heading({ depth, tokens, text }) {
        const html = this.parser.parseInline(tokens);
        if (depth === 1) return `<h1>${html}</h1>\n`;
        const id = idOf(text);
        if (depth === 2) sections.push({ id, html });
        return `<h${depth} id="${id}">${html}</h${depth}>\n`;
      },
    },
  });
  const markdown = await readFile(path, "utf8");
  const found = /^# (.+)\n\n((?:.+\n)+)/.exec(markdown);
  if (found === null) throw new Error(`${path} begins with no title and no paragraph.`);
  const [, title, first] = found;
  const body = (await marked.parse(markdown))
    // Wide code moves by itself, by the keyboard too.
    .replaceAll("<pre>", '<pre tabindex="0">')
    // So does a wide table, and not the page with it.
    .replaceAll(
      "<table>",
      '<div class="wide" role="region" aria-label="Table" tabindex="0"><table>',
    )
    .replaceAll("</table>", "</table></div>")
    // Between files they are links to files, where they are read on GitHub.
    .replaceAll(/href="(\w+)\.md(#[\w-]+)?"/g, 'href="/docs/$1$2"');
  const about = first.replaceAll(/[`*\n"<>&]|\]\([^)]*\)|\[/g, (mark) =>
    mark === "\n" ? " " : "",
  );
  return { name, title: escaped(title), about: about.trim(), sections, body };
}

function linkTo({ name, title }, current) {
  const mark = name === current.name ? ' aria-current="page"' : "";
  return `<li><a href="/docs/${name}"${mark}>${title}</a></li>`;
}

/** What is on a page, unless it is one piece. */
function contentsOf(sections) {
  if (sections.length === 0) return "";
  const items = sections.map(({ id, html }) => `<li><a href="#${id}">${html}</a></li>`);
  return `<li><a href="#content">On this page</a><ul>${items.join("")}</ul></li>`;
}

/** As GitHub makes them, where the same files are read too. */
function idOf(text) {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
