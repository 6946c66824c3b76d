/**
 * Colours of the page by what they stand for. Those of forecasts are Okabe and Ito's, which people with any colour
 * vision can tell apart; plots also give each forecast a shape or a dash of its own.
 */
export const palette = {
  ink: { light: "#1b2430", dark: "#e6eaf0" },
  muted: { light: "#566170", dark: "#a3aebb" },
  line: { light: "#d8dee6", dark: "#343d48" },
  paper: { light: "#ffffff", dark: "#14181d" },
  panel: { light: "#f5f7f9", dark: "#1c2229" },
  candidate: { light: "#0072b2", dark: "#56b4e9" },
  champion: { light: "#d55e00", dark: "#f0883e" },
  naive: { light: "#7b8794", dark: "#98a3af" },
  drop: { light: "#c9822b", dark: "#d99a4a" },
  good: { light: "#0b6b4f", dark: "#5cc9a3" },
  goodPanel: { light: "#e7f4ef", dark: "#12302a" },
  care: { light: "#8a5300", dark: "#e6b35c" },
  carePanel: { light: "#fdf3e1", dark: "#33290f" },
  bad: { light: "#a3262a", dark: "#f08a8a" },
  badPanel: { light: "#fbecec", dark: "#3a1d1f" },
  calm: { light: "#3c5670", dark: "#9fbcd8" },
  calmPanel: { light: "#ecf1f6", dark: "#1d2a37" },
} as const satisfies Record<string, { readonly light: string; readonly dark: string }>;
export type ColourName = keyof typeof palette;

/** A plot is drawn in light colours; the style sheet exchanges them where the page is dark. */
export const drawn = (name: ColourName): string => palette[name].light;

const entries = Object.entries(palette);
const variables = (theme: "light" | "dark"): string =>
  entries.map(([name, colour]) => `--${name}:${colour[theme]}`).join(";");

/** Variables of both themes, and the exchange of the colours inside plots; paper is always light. */
export const paletteStyle = [
  `:root{${variables("light")}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${variables("dark")}}}`,
  ...entries.flatMap(([name, { light }]) =>
    (["fill", "stroke"] as const).map((part) => `.plot [${part}="${light}"]{${part}:var(--${name})}`),
  ),
].join("\n");
