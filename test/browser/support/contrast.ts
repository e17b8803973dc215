import type { Page } from "playwright-core";

/** A piece of text that is hard to read. */
export interface Faint {
  readonly text: string;
  readonly ratio: number;
}

/**
 * Text whose contrast is below 4.5:1 (WCAG 2.2, 1.4.3), measured on the colours as computed. Only
 * solid backgrounds are looked at; the page has no others.
 */
export function faintTexts(page: Page): Promise<readonly Faint[]> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 1;
    canvas.height = 1;
    const paint = canvas.getContext("2d", { willReadFrequently: true });
    const over = (colors: readonly string[]) => {
      paint?.clearRect(0, 0, 1, 1);
      for (const color of colors) {
        if (paint !== null) paint.fillStyle = color;
        paint?.fillRect(0, 0, 1, 1);
      }
      return [...(paint?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
    };
    const luminance = (rgb: readonly number[]) => {
      const [r = 0, g = 0, b = 0] = rgb.map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const backgrounds = (element: Element): string[] => {
      const above = element.parentElement === null ? ["white"] : backgrounds(element.parentElement);
      return [...above, getComputedStyle(element).backgroundColor];
    };
    const isShown = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      getComputedStyle(element).clipPath === "none";

    return [...document.querySelectorAll("body *")].flatMap((element) => {
      const text = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim() ?? "")
        .join("");
      if (text === "" || !isShown(element)) return [];
      const behind = backgrounds(element);
      const [low = 0, high = 0] = [
        luminance(over(behind)),
        luminance(over([...behind, getComputedStyle(element).color])),
      ].sort((a, b) => a - b);
      const ratio = (high + 0.05) / (low + 0.05);
      return ratio < 4.5 ? [{ text, ratio }] : [];
    });
  });
}
