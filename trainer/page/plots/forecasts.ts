import { markup, trusted, type Markup } from "../markup.ts";
import { drawn, type ColourName } from "../palette.ts";

/** A forecast as plots and their keys show it: a colour, and a shape that needs none. */
export interface ForecastMark {
  readonly name: "candidate" | "champion" | "naive";
  readonly words: string;
  readonly colour: ColourName;
  /** A shape that Vega knows, and the same as the path of a 12-pixel key. */
  readonly shape: "circle" | "square" | "diamond";
  readonly path: string;
}

export const forecastMarks: readonly ForecastMark[] = [
  {
    name: "candidate",
    words: "candidate",
    colour: "candidate",
    shape: "circle",
    path: "M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z",
  },
  { name: "champion", words: "champion", colour: "champion", shape: "square", path: "M2 2h8v8h-8z" },
  {
    name: "naive",
    words: "naive: mean(lag_1, lag_7)",
    colour: "naive",
    shape: "diamond",
    path: "M6 .5l5 5.5l-5 5.5l-5-5.5z",
  },
];

/** The key of a plot: what each shape stands for. */
export const forecastKey = (marks: readonly ForecastMark[]): Markup =>
  markup`<p class="key">${marks.map(
    ({ words, colour, path }) =>
      markup`<span><svg class="plot" aria-hidden="true" width="12" height="12" viewBox="0 0 12 12">${trusted(`<path d="${path}" fill="${drawn(colour)}"/>`)}</svg> ${words}</span> `,
  )}</p>`;
