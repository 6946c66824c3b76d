import { checks } from "../../contract/checks.ts";
import { builtInDefaults, builtInModel } from "../../contract/defaults.ts";
import { SpecDefaults } from "../../contract/retrain-run.ts";
import type { Structural } from "./structural.ts";

const longestDefault = 80;

/** The field with a description that says where its value comes from when a spec leaves it out. */
export function described(path: string, field: Structural): Structural {
  const meaning = field.description ?? checkMeaning(path);
  if (meaning === undefined) return field;
  const origin = meaning.includes("Default:") ? undefined : defaultOf(path, field);
  return {
    description: [meaning, origin].filter((text) => text !== undefined).join(". "),
    ...without(field),
  };
}

const without = ({ description, ...field }: Structural): Structural => field;

function defaultOf(path: string, field: Structural): string | undefined {
  if (field.properties !== undefined || path.includes("[]") || !isConfigured(path)) return undefined;
  const value = path === "model" ? builtInModel : builtInAt(path);
  const shown = value === undefined ? "" : written(value);
  const isShown = shown !== "" && shown.length <= longestDefault;
  return `Default: operator configuration${isShown ? ` (built in: ${shown})` : ""}`;
}

const written = (value: unknown): string =>
  typeof value === "string" && value !== "" ? value : JSON.stringify(value);

/** Everything that configuration completes; the rest of a spec belongs to the single run. */
const isConfigured = (path: string): boolean => configured.has(path.replace(/\..*$/u, ""));
const configured: ReadonlySet<string> = new Set(["model", ...Object.keys(SpecDefaults.shape)]);

function builtInAt(path: string): unknown {
  const severity = severityOf(path);
  if (severity !== undefined) return severity.severity;
  return path
    .split(".")
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), builtInDefaults);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const severityPath = "checks.severity.";
const severityOf = (path: string) =>
  Object.entries(checks).find(([name]) => path === `${severityPath}${name}`)?.[1];
function checkMeaning(path: string): string | undefined {
  const looksAt = severityOf(path)?.looksAt;
  return looksAt === undefined ? undefined : `${looksAt.charAt(0).toUpperCase()}${looksAt.slice(1)}`;
}
