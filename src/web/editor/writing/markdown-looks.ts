import { markdownKeymap, markdownLanguage } from "@codemirror/lang-markdown";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Extension, Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** How text looks that Markdown gives a meaning: by classes, which `writing.css` draws. */
const LOOKS = HighlightStyle.define([
  { tag: tags.heading1, class: "md-heading md-title" },
  { tag: tags.heading2, class: "md-heading md-section" },
  { tag: [tags.heading3, tags.heading4, tags.heading5, tags.heading6], class: "md-heading" },
  { tag: tags.strong, class: "md-strong" },
  { tag: tags.emphasis, class: "md-emphasis" },
  { tag: tags.strikethrough, class: "md-struck" },
  { tag: tags.monospace, class: "md-code" },
  { tag: tags.quote, class: "md-quote" },
  { tag: [tags.link, tags.url], class: "md-link" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.labelName], class: "md-mark" },
]);

/**
 * Markdown as it is written, shown as what it means. Without the package's HTML, CSS and JavaScript,
 * which are nine tenths of its weight.
 */
export function markdownLooks(): Extension {
  return [
    markdownLanguage,
    syntaxHighlighting(LOOKS),
    // Enter goes on with a list.
    Prec.high(keymap.of(markdownKeymap)),
  ];
}
