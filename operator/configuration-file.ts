import { parseDocument } from "yaml";

import { Configuration } from "../contract/configuration.ts";
import { BadConfiguration, whatIsWrong } from "./bad-configuration.ts";

/** The configuration in a file's text, YAML or JSON; an empty one is what is built in. Throws BadConfiguration that names each wrong path. */
export function parseConfiguration(text: string, file: string): Configuration {
  const document = fromYaml(text, file) ?? {};
  const parsed = Configuration.safeParse(document);
  if (!parsed.success) throw unusable(file, whatIsWrong(parsed.error, document));
  return parsed.data;
}

const unusable = (file: string, problems: string, options?: ErrorOptions): BadConfiguration =>
  new BadConfiguration(`Cannot use the configuration ${file}: ${problems}`, options);

/** The parser's own words quote the text, which may be the wrong file: a Secret. */
function fromYaml(text: string, file: string): unknown {
  const document = parseDocument(text);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem === undefined) return withoutBomb(() => document.toJS() as unknown, file);
  const line = problem.linePos?.[0].line;
  const where = line === undefined ? "" : ` in line ${String(line)}`;
  throw unusable(file, `it is not YAML that can be read (${problem.code}${where}); expected one mapping`);
}

/** Aliases of aliases grow without end, and the parser refuses them only here. */
function withoutBomb(read: () => unknown, file: string): unknown {
  try {
    return read();
  } catch (cause) {
    throw unusable(file, "its aliases cannot be resolved; expected one mapping", { cause });
  }
}
