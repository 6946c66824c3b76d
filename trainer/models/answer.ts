import type { ExitCode } from "../../contract/exit-codes.ts";
import type { TrainerConfig } from "../config.ts";
import { tableText, type Row } from "../demo/tables-text.ts";

/** A table for people, with a sentence above it; without rows it is not shown. */
export interface Table {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** What a subcommand has found or done. */
export interface Answer {
  /** For programs: what `--json` prints. */
  readonly document: object;
  /** For people: lines and tables, in order. */
  readonly text: readonly (string | Table)[];
  /** 0, unless damage was found. */
  readonly exitCode: ExitCode;
}

/** What the subcommands may use of the process around them. */
export interface Surroundings {
  readonly modelsDir: string;
  /** Gets sentences that are not the answer, such as what was repaired. */
  readonly say: (sentence: string) => void;
  readonly clock: () => Date;
  /** Aborted when the process is told to stop. */
  readonly signal: AbortSignal;
  /** For the library. */
  readonly threads: number;
  readonly config: TrainerConfig;
  /** Who runs the command: user@host. */
  readonly who: string;
}

/** The answer as text for stdout. */
export async function printed({ document, text }: Answer, asJson: boolean): Promise<string> {
  if (asJson) return `${JSON.stringify(document, null, 2)}\n`;
  const parts: string[] = [];
  for (const part of text) {
    if (typeof part === "string") parts.push(part);
    else if (part.rows.length > 0) parts.push(`${part.title}\n${await tableText(part.rows)}`);
  }
  return `${parts.join("\n\n")}\n`;
}
