import { parse, View } from "vega";
import { compile, type Config, type TopLevelSpec } from "vega-lite";

import { markup, trusted, type Markup } from "./markup.ts";
import { drawn } from "./palette.ts";

/** Pixels of the area that marks are drawn in, and around it. */
export interface Area {
  readonly width: number;
  readonly height: number;
  readonly padding: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

/** Nothing is fitted to its texts: without a canvas Vega can only guess how wide a text is. */
export const sized = ({ width, height, padding }: Area) => ({
  width,
  height,
  padding: { ...padding },
  autosize: { type: "none" as const },
});

const config: Config = {
  aria: false,
  background: "transparent",
  view: { stroke: null },
  legend: { disable: true },
  axis: {
    domain: false,
    ticks: false,
    gridColor: drawn("line"),
    labelColor: drawn("muted"),
    labelFontSize: 12,
    labelPadding: 6,
    titleColor: drawn("muted"),
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  text: { fontSize: 12, color: drawn("ink") },
};

/**
 * Draws a Vega-Lite specification as SVG markup; `alt` is what a person hears instead. Texts of the data stand in marks
 * only, where Vega escapes them.
 */
export async function plot(spec: TopLevelSpec, area: Area, alt: string): Promise<Markup> {
  const view = new View(parse(compile(spec, { config }).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  const width = area.width + area.padding.left + area.padding.right;
  const height = area.height + area.padding.top + area.padding.bottom;
  const root = markup`<svg class="plot" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title>${alt}</title>`;
  return markup`${root}${trusted(svg.replace(/^<svg[^>]*>/, ""))}`;
}
