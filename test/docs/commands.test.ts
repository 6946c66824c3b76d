import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";

const project = path.join(import.meta.dirname, "..", "..");
const read = (file: string): string => readFileSync(path.join(project, file), "utf8");

const guides = readdirSync(path.join(project, "docs")).filter((name) => name.endsWith(".md"));
const pages = ["README.md", "charts/retrain-operator/README.md", ...guides.map((name) => `docs/${name}`)];

test("there are the guides", () => {
  expect(guides).toEqual(
    expect.arrayContaining(["README.md", "quick-start.md", "operations.md", "security.md", "migration.md"]),
  );
});

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));

describe.each(pages)("%s", (page) => {
  const text = read(page);

  test("names only npm scripts that there are", () => {
    const named = [...text.matchAll(/npm run (?:-s |--silent )?([a-z][\w:-]*)/gu)].map(([, name]) => name);
    expect(named.filter((name) => scripts[name ?? ""] === undefined)).toEqual([]);
  });

  test("names only files of this project that there are", () => {
    const inside =
      /(?<![\w/.-])(?:bench|charts|crds|docs|hack|operator|test|trainer)\/[\w./-]+\.(?:md|py|ts|yaml|json)\b/gu;
    const named = [...text.matchAll(inside)].map(([file]) => file);
    expect(named.filter((file) => !existsSync(path.join(project, file)))).toEqual([]);
  });

  test("has only links that lead somewhere", () => {
    expect(linksOf(text).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });
});

const Alerts = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string() })) })),
});

test("the operations guide has a section for each alert of the chart, and for no other", () => {
  const { groups } = Alerts.parse(parse(read("charts/retrain-operator/files/alerts.yaml")));
  const alerts = new Set(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)));
  const sections = [...read("docs/operations.md").matchAll(/^### (Retrain\w+)$/gmu)].map(([, name]) => name);
  expect([...sections].sort()).toEqual([...alerts].sort());
});

const Values: z.ZodType<Record<string, unknown>> = z.record(z.string(), z.unknown());

test("the guides name only values that the chart has", () => {
  const values = Values.parse(parse(read("charts/retrain-operator/values.yaml")));
  const dotted =
    /`((?:storage|sidecar|database|networkPolicies|security|admissionPolicy|operator|alerts|images|crds)\.[\w.]+)(?:=[^`]*)?`/gu;
  const named = guides
    .filter((name) => name !== "api.md" && name !== "ARCHITECTURE.md")
    .flatMap((name) => [...read(`docs/${name}`).matchAll(dotted)].map(([, value = ""]) => value));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((value) => !isValue(values, value) && !isOfSpec(value))).toEqual([]);
});

const isValue = (values: Record<string, unknown>, dotted: string): boolean =>
  dotted.split(".").reduce<unknown>((found, key) => Values.safeParse(found).data?.[key], values) !==
  undefined;

/** `storage` is also a part of a run's spec. */
const isOfSpec = (dotted: string): boolean => read("docs/api.md").includes(`| \`${dotted}\` |`);

/** Of Markdown without its code. */
const linksOf = (text: string): readonly string[] =>
  [...text.replaceAll(/^```.*?^```/gmsu, "").matchAll(/\]\(([^)\s]+)\)/gu)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/u.test(link));

function leadsSomewhere(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(project, target))) return false;
  return anchor === undefined || anchorsOf(read(target)).includes(anchor);
}

/** As GitHub makes them of headings. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gmu)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
